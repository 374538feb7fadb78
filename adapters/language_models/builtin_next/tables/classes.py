"""The word classes of the patterns, as regular expressions. Those at the top take a part of the sentence."""

from adapters.language_models.builtin_next.reading import stems

_PAST = "|".join(stems.IRREGULAR)
_SAME = "|".join(stems.SAME_IN_THE_PAST)
_REGULAR = r"(?!(?:need|feed|seed|weed|speed|breed|embed|hundred|indeed|used|based|supposed)\b)[a-z]{2,15}ed"

CLASSES = {
    "task": "(?P<task>.+?)",
    "title": "(?P<title>.+)",
    "inner title": "(?P<title>.+?)",
    "rest": "(?P<rest>.+)",
    "note": "(?P<note>.+)",
    "tag": r"(?P<tag>[#@]?[\w-]+|\"[^\"]+\")",
    "list": r"(?P<list>[\w&'][\w&' -]{0,40}?)",
    "when": "(?P<when>(?:(?:today|tomorrow|tonight|later|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    "(?: (?:morning|afternoon|evening|night))?(?: at [0-9:apm]{1,7}| at (?:noon|midnight))?|this evening|this afternoon|(?:next|this|every|on|at|in|by|before) [^,]{1,30}?)(?:, )?)",
    "past": rf"(?P<verb>(?:{_PAST}|{_REGULAR})\b)",
    "past too": rf"(?P<verb>(?:{_PAST}|{_REGULAR}|{_SAME})\b)",
    "participle": rf"(?P<verb>(?:{_PAST}|{_REGULAR}|{_SAME}))",
    "more": "(?P<more>.{1,40})",
    "level": "(?P<level>highest|high|top|urgent|important|medium|normal|mid|lowest|low|p[1-4])",
    "tail": "(?P<tail>(?:for|by|on|at|with) .+)",
    "why": "(?P<why>[^,:]{2,40}?)",
    "rest of it": "(?P<rest>.*)",
    "quoted": "(?P<title>\"[^\"]+\")",
    "any when": "(?P<when>.+)",
    "noted": "(?P<task>[^:]{1,60}?)",
    "unneeded": "(?P<task>[^,;]{3,60}?)",
    "ended": "(?:fine|well|great|ok|okay|good|smoothly|alright|all right|perfectly|without a hitch)",
    "made": "(?P<verb>call|booking|payment|order)",
    "some": ".{1,40}?",
    "any": ".*",
    "and so on": r"\b.*",
    "who": r"(?:\w{1,20} ){0,2}",
    "stop": "(?: ?[:,.-])* ",
    "count": "(?:[0-9]{1,2}|two|three|four|five|six|several)",
    "oops": "(?:(?:no|oops|jk|whoops|sorry|wait|i made mistake|i made a mistake|argh|oh)[,!. ]+){1,3}",
    "add": "(?:add|ad|create|creat|make|set up|insert|save|record|log|enter|include|put down|write down|note down|jot down)",
    "thing": "(?:tasks?|to-?do|to-?do item|to do|item|action item|reminder|entry|note)",
    "things": "(?:tasks|to-?dos|items|things|reminders|entries|following)",
    "called": "(?:called|named|titled|saying|that says|to|about|for|that|of|which says|with the title)",
    "to my list": "(?:(?:to|on|onto|in|into)(?: my| the| our)?(?: to-?do| to do| task| tasks| todo)? ?(?:list|lists|to-?dos|tasks)|on there|in there|on it)",
    "finish": "(?:complete|finish|finish off|mark off|tick off|check off|cross off|cross out|close|close out|resolve|accomplish|strike off|strike out|wrap up)",
    "done": "(?:done|complete|completed|finish|finished|closed|sorted|over|handled|ready|ticked off|checked off|crossed off|taken care of|all done|a done deal|out of the way"
    "|behind me|behind us|out the door|history|✅|paid|bought|sent|fixed|off my plate)",
    "adv": "(?:(?:just|already|finally|now|all|also|both|actually|really|definitely|even|ever|since|managed to|did|totally|now all|successfully) ){0,3}",
    "i": "(?:i|we|i've|we've|i have|we have|i had|i did|i'm|i am|he|she|they|someone|somebody)",
    "is": "(?: is| are| was| were|'s| has been| have been| has| have| got| counts as| is all| are all| =)",
    "reopen": "(?:reopen|re-open|uncomplete|un-complete|unfinish|uncheck|untick|unmark|reactivate|open)",
    "delete": "(?:delete|remove|erase|drop|trash|discard|scrap|scratch|cancel|get rid of|throw out|throw away|bin|clear|clear out|wipe|purge|kill|del|rm|take off"
    "|eliminate|dump|ditch|yeet|forget about|lose)",
    "restore": "(?:restore|undelete|un-delete|untrash|recover|bring back|get back|give me back|give back|put back)",
    "move": "(?:move|push|postpone|reschedule|snooze|defer|delay|shift|bump|bring forward|put off|put|set|change|make|schedule|give|assign|plan|have|do|get|mark|flag|bump up|book"
    "|prioriti[sz]e|escalate|update|edit|modify|switch|swap|bring|let|send)",
    "shift": "(?:push|postpone|reschedule|snooze|defer|delay|shift|bump|put off|move)",
    "not": "(?:not|n't|never|no longer|without|hardly|barely)",
    "aux": "(?:do|does|did|have|has|had|am|is|are|was|were|should|shall|must|will|would|could|can|may|might)",
    "ask": "(?:what|what's|which|when|when's|where|where's|who|who's|why|how|how's|whose)",
    "show": "(?:show|list|display|view|see|read|read out|give|get|print|tell|open|pull up|bring up|go over|check|summari[sz]e|summary|overview|review|search|search for|find|look up|look for)",
    "date word": "(?:due date|date|deadline|day|time|schedule|due)",
    "note word": "(?:notes?|description|comment|comments|details?|info)",
    "list word": "(?:lists?|project|folder)",
    "colon": "(?: ?[:,]| -)? ",
    "says": r"(?: ?[:,]| saying| that says| to say| which says| with| that| -)? ?",
    "of": "(?:to|from|of|on|for|in|off)",
    "we": "(?:we|i|i've|we've|they|the kids|kids)",
    "out of": "(?:(?:completely |nearly |almost |all |totally |clean )?(?:out of|running low on|running out of|low on|short of|short on)|ran out of|run out of|have no more|have no|need of|in need of)",
    "need": "(?:should not forget to|should not forget|need to|have to|must to|must|got to|should|ought to|am to|'d better|had better|am supposed to|want to|should not forget to|should not forget|shouldn't forget to"
    "|mustn't forget to|must not forget to|can't forget to|nearly forgot|almost forgot|just remembered that i have to|have got to|remembered that i have to|promised to)",
    "sorry": "(?:(?:no|nah|wait|sorry|oops|oh|oh no|actually|hang on|hmm|i said|i meant|i mean|correction|make it|make that|it's|is|let's say|rather|better|not that|no wait"
    "|that's|it should be|should be|that should be|change it to|change that to|set it to|call it|name it|for|to|on|at|by|please|do it|and|please make it)[,:.!]* ){0,6}",
}

COMMAND_WORDS = stems.CHORES | frozenset(stems.IRREGULAR) | frozenset(
    """
    add create make set insert save record log enter include put write note jot remind remember complete finish tick check cross
    close mark done delete remove erase drop trash scrap cancel kill restore undelete bring move push postpone reschedule snooze
    defer delay change rename call update show list read what when which where how does did have has will would could should can
    please undo redo help thanks that this them those these with from your tomorrow today monday everything nothing need must
    want task tasks todo milk tell give work walk done gone were been more less some many much next last first second third
    overdue shopping home high prio priority keep leave stop wait never maybe later dust mops mock fork male lost cost most past
    sets shot shop chow snow slow cell calls fall mall wall tall ball hall tag tags pain paint mash mask dark park bark lark mail
    rent vent sent bent tent dent sand send same came game name fame tame lame near hear bear tear year fear wear pear gear dear
    """.split()
)
"""Words that are not taken for a misspelt verb."""
