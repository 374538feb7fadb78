"""The word classes of the grammar, as regular expressions. Those at the top capture."""

from adapters.language_models.builtin.tables.words import CHORES, IRREGULAR, SAME_IN_THE_PAST

_STATUS = (
    "all|pending|open|incomplete|uncompleted|unfinished|undone|outstanding|remaining|active|current|unchecked|not done"
    "|not completed|completed?|done|finished|closed|ticked(?: off)?|checked(?: off)?|crossed off"
    "|deleted|trashed|removed"
)
_THINGS = (
    "(?:tasks?|taks|to-?do'?s?|to dos?|to-?do items?|items?|reminders?|things|ones|stuff"
    "|(?:(?:to-?do|to do|task) )?lists?)"
)
_LIST = r"(?:(?:my|the|our|your) )?(?:(?:to-?do|to do|task|shopping) )?(?:list|tasks|to-?dos)"
_NUMBERED = (
    r"(?:(?:tasks?|items?|to-?dos?|numbers?|no\.?|#) ?){0,2}[0-9]{1,15}"
    r"(?:(?:,| and|, and| &) (?:task )?#?[0-9]{1,15}){0,9}"
)
_EXACT = rf"{_NUMBERED}|(?:the|my) .{{1,200}}? (?:task|item|to-?do|one)|(?:it|that|this)(?: one| task)?"
_NOT_PAST = "(?!(?:need|feed|seed|weed|speed|breed|embed|hundred|indeed|used|based)\\b)"
_PAST = f"[a-z]{{2,15}}ed|{'|'.join(IRREGULAR)}"
_NOT = (
    "(?:do|does|did|have|has|had|will|would|could|should|shall|must|am|are|was|were|is) ?(?:n't|nt|not)"
    "|can ?not|can'?t|won'?t|shan't|'m not|'ve not|'re not|never|no longer|hardly|barely"
)

CLASSES = {
    "task": r"(?P<task>.+?)",
    "task number": r"(?P<task>(?:task|item|number|no\.?) ?#?[0-9]{1,15}|#[0-9]{1,15})",
    "noted": r"(?P<task>(?!(?:self|myself|me)\b).+?)",
    "title": r"(?P<title>.+?)",
    "note": r"(?P<note>.+?)",
    "words": r"(?P<words>.+?)",
    "which": rf"(?P<which>{_STATUS})",
    "which tasks": rf"(?:which|what|how many) (?:(?P<which>{_STATUS}) )?(?:tasks?|to-?dos?|items?|things|reminders)",
    "place": "(?P<place>first|1st|top|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|seventh|7th|eighth|8th|ninth"
    "|9th|tenth|10th|last|bottom)",
    "numbered": rf"(?P<task>{_NUMBERED})",
    "end": "(?P<place>first|last)",
    "many": "(?P<count>[2-9]|two|three|four|five)",
    "exact": rf"(?P<task>{_EXACT})",
    "lost": rf"(?P<task>{_EXACT}|them|those|these|both|everything|all (?:of (?:it|them)|my (?:deleted )?tasks))",
    "when": "(?P<when>(?:tomorrow|today|tonight|later|soon)(?: morning| afternoon| evening| night)?"
    "|(?:next|this|every|on|at|in|by|before|after) .{1,40}?)",
    "deed": rf"(?P<task>{_NOT_PAST}(?:{_PAST}|{'|'.join(SAME_IN_THE_PAST)}) .+)",
    "deed alone": rf"(?P<task>{_NOT_PAST}(?:{_PAST}) .+)",
    "passive": "(?P<verb>paid|bought|sent|called|booked|cleaned|fixed|washed|written|submitted|made|ordered|mailed"
    "|packed|cooked|repaired|signed|filed|returned|delivered|installed|printed|renewed|emptied|watered|fed|walked|solved)",
    "any": ".*",
    "rest": r"(?:\b.*)?",
    "add": "(?:add|ad|create|make|set up|set(?= an? )|insert|save|record|log|schedule|enter"
    "|(?:write|note|jot|put) down)",
    "add it": "(?:add|ad|insert|jot down|note down|write down|put down|(?:jot|write|note) (?:this|that|it) down"
    "|note to self|make a note of|make a note to)",
    "adv": "(?:(?:just|already|finally|now|all|also|both|actually|really|definitely|even|ever) ){0,2}",
    "any of us": r"(?:i|you|we|they|he|she|it|there|that|this|these|those|my|any|all|anyone|tasks?)",
    "ask": "(?:why|what|what's|whats|when|where|who|who's|whom|whose|which|how|how's|does|is|are|am"
    r"|(?:should|would|could|shall|might|may|can)(?! (?:you|u|we please)\b))",
    "called": "(?:called|named|titled|about|for|to|with|saying|that says|on|:)",
    "change": "(?:change|update|edit|modify|set|correct|adjust|alter)",
    "chore": rf"(?:{'|'.join(sorted(CHORES))}|create|rename|change|mark)",
    "colon": r"(?:(?: ?[:,]| -)?[ \n]|:)",
    "colon or says": "(?::|,| saying| that says| -)? ",
    "count": "(?:[0-9]{1,2}|two|three|four|five|six|several)",
    "deleted": "(?:deleted?|removed?|trash(?:ed)?|thr(?:ew|ow|own) (?:away|out)|g[eo]t rid of)",
    "delete": "(?:delete|remove|erase|drop(?! (?:off|by))|trash|discard|scrap|scratch|cancel|get rid of"
    "|throw (?:away|out)|bin|clear(?: out| away)?|wipe|purge|kill|del|rm|take off|take away|eliminate|dump|ditch)",
    "do": "(?:still )?(?:have left|have|need|got|do|left)(?: left)?(?: to (?:do|finish|get done|complete)| do)?",
    "do it": "(?:add|delete|remove|do|finish|complete|reopen|rename|change|clear) (?:it|that|so|them|those|these|all"
    "|everything|all of them)",
    "do or done": "(?:do|done|finish|finished|complete|completed|accomplish|accomplished|achieved|get done|got done)",
    "done": "(?:done|completed?|finished|closed|sorted|over|handled|taken care of|ticked(?: off)?|checked(?: off)?)",
    "doubt": "(?:almost|nearly|half|partly|partially|mostly|forgot|forgotten|tried|failed|wanted|meant|planned|started"
    "|begun|began|needed|supposed|used to|wish|hope|hoped|think|thought|guess|skipped|missed|postponed|delayed|decided"
    "|refused|considered|promised|intended|attempted|pretended|was going|were going|might|may"
    "|(?:should|would|could|might|may) have)",
    "finish": "(?:complete|finish(?: off| up)?|mark off|check off|tick(?: off)?|cross (?:off|out)|strike(?: off| out)?"
    "|close(?: out)?|resolve|accomplish)",
    "finished": "(?:finished(?: with| up| doing)?|completed|(?:all )?done with|done|accomplished|wrapped up"
    "|through with|taken care of|took care of|(?:ticked|crossed|checked) off|dealt with|handled|got done with)",
    "hard colon": r"(?: ?:| -|,)[ \n]?",
    "have i": "(?:have i|did i|i have|i've|i|have we|did we)",
    "hello": "(?:hi|hello|hey|hiya|howdy|yo|hola|greetings|good (?:morning|afternoon|evening|day)|morning|evening)",
    "i": "(?:i|we)(?:'ve| have|'m| am|'re| are| had)?",
    "is": "(?: is| are| was| were|'s|'re| has been| have been| got| gets)",
    "is there": "(?:is there|are there|do (?:i|we) (?:still )?have|have (?:i|we) (?:still )?got|do we have|any)",
    "left": "(?:left|next|pending|open|due|remaining|remains?|outstanding|missing|not done|to do|to be done|up next"
    "|undone|else|unfinished|incomplete|not finished|to go|unchecked)",
    "list": _LIST,
    "mine": "(?:my|the|our|your|these|those)",
    "must i": "(?:do|should|must|shall|have) (?:i|we)",
    "need to": "(?:(?:(?:i|we)(?:'ll| will| also| still| really| just)? )?(?:need to|have to|got to|gotta|must)"
    "|(?:i|we) (?:should|ought to)|(?:i've|we've|i have) got to|(?:i'm|i am) supposed to|(?:i'd|i had) better)"
    "(?: (?:probably|really|also|definitely|just|still|maybe))?"
    r"(?! (?:probably |really |just )?(?:have|know|see|i|we|you|he|she|it|they)\b)",
    "not courteous": r"(?! (?:possible|you (?:can|could))\b)",
    "not as": r"(?<!\bas)(?<!\bnot)(?<!\bbe)(?<!\bto)",
    "not": rf"(?:{_NOT})",
    "note word": "(?:notes?|description|desc|comments?|details?|info)",
    "passive alone": "(?P<verb>paid|bought|sent|booked|cleaned|fixed|washed|submitted|ordered|mailed|packed|cooked)",
    "praise": "(?:great|awesome|perfect|nice|cool|excellent|wonderful|lovely|brilliant|amazing|good|super|ok|okay|wow)",
    "read": "(?:give|get|read|print|tell|check|open|see|pull up|bring up|go over|read out|send|review|what about)",
    "reopen": "(?:reopen|re-open|uncomplete|un-complete|unfinish|uncheck|untick|unmark|reactivate)",
    "several things": "(?:tasks|to-?dos|to-?do items|items|reminders|things)",
    "show me": "(?:(?:can i|let me|i want to|i need to|i'd like to|i would like to|i wanna) (?:see|know)|show|show me"
    "|tell me|list|give me|remind me)",
    "them": "(?:them|those|these|it|all)",
    "these": "(?:these|the following|some|a few|several|[0-9]{1,2}|two|three|four|five|six)",
    "thing": "(?:task|to-?do(?: item)?|to do item|item|reminder|entry|note)(?! #?[0-9])",
    "things": _THINGS,
    "to my list": rf"(?:to|on|onto|in|into) {_LIST}",
    "today": "(?: (?:for )?(?:today|tonight|now|next|first|tomorrow|this week|right now|so far"
    "|already|yet|again|else)){0,2}",
    "trash": "(?:(?:(?:the|my|our|your) )?(?:trash(?: can| bin)?|recycle bin)|(?:the|my) bin)",
    "undelete": "(?:undelete|un-delete|untrash|recover)",
    "undone": "(?:(?:not|un|in)[ -]?(?:yet )?(?:done|completed?|finished|ready|checked)|pending|open|to-?do|to do)",
    "what is": "(?:what's|what is|what was|which is|what are|what)",
    "which says": r"(?:,? (?:called|named|titled|saying|that says|for|about|of)\b|,? ?[:-]|,? to\b)? ?",
    "yes": "(?:y|yes|yep|yeah|yup|yea|sure|ok|okay|of course|fine|right|alright|do it|go ahead|please do|absolutely)",
}
