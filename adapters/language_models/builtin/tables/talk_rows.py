"""Rows of the grammar that change nothing: small talk, lists, negations and questions."""

CONVERSATION = (
    ("retraction", "<any>(,|;|.|!| -|…) (never mind|nevermind|no wait|wait no|just kidding)", "delete it, never mind"),
    ("help", "(help|commands|menu|instructions)[ me| please]", "help"),
    ("help", "[<show me> ](what|how) (can|do|could) (you|i) (do|say|ask)[ here| for me| with this]", "what can you do"),
    ("help", "what is this|what are you for|[i ]need help|help me|how does (this|it) work", "i need help"),
    ("help", "how do i (use this|use you|start|begin)|what now", "how do i start"),
    ("identity", "(who|what) are you|what's your name|are you (a bot|a robot|an ai|human|real)", "who are you"),
    (
        "wellbeing",
        "[<hello>[,] ](how are you|how's it going|how do you do|what's up)[ doing][ today]",
        "hi, how are you",
    ),
    ("greeting", "<hello>[ there| again| all| assistant| bot]", "good morning"),
    (
        "thanks",
        "[<praise>[,|!] ](thanks|thank you|thx|ty|cheers)[ so much| very much| a lot| again]",
        "great, thanks a lot",
    ),
    ("bye", "(bye|goodbye|bye bye|see you|see ya|good night|ttyl)[ later| soon| tomorrow| for now]", "see you later"),
    ("bye", "that's (all|it)[ for now| for today| thanks]|gotta (go|run)|i (have|need) to (go|run)[ now]", "gotta go"),
    ("yes", "<yes>[[,] please| please,[ do it]]", "yes please"),
    ("no", "(n|no|nope|nah|not now|no thanks|no thank you|better not)", "nope"),
    ("praise", "<praise>[ job| work| bot| one]|well done|love it|yay", "good job"),
    (
        "never mind",
        "(never mind|nevermind|nvm|forget (it|that|about it)|leave it|skip it|wait|no wait|hold on)[ then]",
        "never mind",
    ),
    ("never mind", "(cancel|stop|abort|scratch|ignore|drop)[ that| it]|i changed my mind", "cancel that"),
    ("all done", "[i'm |i am |we're |we are ](all done|done with everything for today)", "all done"),
    ("all done", "(i'm|i am|we're|we are) (done|finished)", "i'm done"),
)

LISTS = (
    ("list", "<show me> (everything|it all|all)|overview|status|summary|progress", "i want to see everything"),
    ("list", "[<show me> ][all ][of ][<mine> ][<which> ]<things>", "pending tasks"),
    (
        "list",
        "(show|list|display|view)[ me| us][ all| everything][ of][ <mine>][ <which>][ <things>][ on <list>]<today>",
        "view completed",
    ),
    (
        "list",
        "<read>[ me| us][ a list of| the list of][ all][ of][ <mine>][ <which>] <things><today>",
        "read me my completed tasks",
    ),
    ("list pending", "[<show me> ]<what is> [still ]<left>[ to do| to be done| on <list>]<today>", "what's left"),
    ("list pending", "[<show me> ]what [else ]<must i> [still |now |next ]<do><today>", "what do i have to do today"),
    (
        "list pending",
        "[<show me> ](what was i supposed|what are the things i (have|need)|the things i (have|need)) to do<today>",
        "what was i supposed to do",
    ),
    (
        "list pending",
        "[<show me> ]what (i|we) [still ](have|need|should|must)[ got| left][ to do| to| do]<today>",
        "show me what i have to do",
    ),
    (
        "list pending",
        "[<is there> ]any(thing|thing else|thing still) <left>[ to do]<today>",
        "is there anything left to do",
    ),
    ("list pending", "(am i|are we) [all ](done|finished)[ with everything]<today>", "am i done yet"),
    (
        "list pending",
        "<which tasks> [<is there> |are |is |still |are still ]<left>[ to do]<today>",
        "which tasks are still open",
    ),
    ("list pending", "how many [are |do i have |is ]<left>[ to do]<today>", "how many left"),
    ("list pending", "what (haven't i|have i not) (done|finished|completed)<today>", "what haven't i done yet"),
    ("list pending", "what's on[ my plate| the agenda| my agenda]<today>", "what's on my plate today"),
    (
        "list completed",
        "[<show me> ](what|how many|<which tasks>) <have i> [already |been ]<do or done><today>",
        "what have i done",
    ),
    (
        "list completed",
        "[<show me> ](what's|what is|<which tasks> are) [already |all ]<done><today>",
        "which tasks are done",
    ),
    (
        "list",
        "[<show me> ](what's|what is|what else is|what do i have|everything) [still |left ](on|in) <list><today>",
        "what's on my list",
    ),
    ("list", "[<is there> ]anything [left |else ](on|in) <list>|is <list> empty", "is there anything on my list"),
    ("list pending", "do i [still ](have|need) to do anything[ else]<today>", "do i have to do anything today"),
    ("list", "what are [all ][of ][<mine> ][<which> ]<things><today>", "what are my open tasks"),
    (
        "list",
        "<which tasks> (do i have|have i got|are there|i have)[ in total| on <list>]<today>",
        "how many tasks do i have",
    ),
    ("list", "<is there> [any |some ][<which> ](tasks|todos|to-dos|items)[ left| on <list>]", "do i have any tasks"),
)

NEGATIONS = (
    ("negation", "(don't|dont|do not|never|not|no need to|no longer|let's not)<rest>", "don't delete task 3"),
    ("negation", "(i|we|you|they|he|she)[ ]<not><rest>", "i haven't finished the report"),
    ("negation", "<not><rest>", "didn't buy milk"),
    ("negation", "(<delete>|<finish>|add|change) (nothing|none|neither|no tasks)<rest>", "delete nothing"),
    ("negation", "<i> [just |have ]<doubt> <any>", "i forgot to buy milk"),
    ("negation", "(if<not courteous>|once|unless|suppose|imagine|assume) <any>", "if i finished it i would say so"),
)

QUESTIONS = (
    (
        "is it done",
        "(did|have|had) (i|we) <adv>(finished|finish|completed|complete|done|do) <task>[ yet| already]",
        "did i finish the report",
    ),
    ("is it done", "(did|have|had) (i|we) <adv><task>[ yet| already]", "have i called mom yet"),
    ("is it done", "(is|are|was|were) <task> [already |still |now ](<done>|<undone>)[ yet| already]", "is task 3 done"),
    (
        "is it done",
        "(is|are|was|were|has|have) <task> [already |been |already been ]<passive>[ yet]",
        "has the rent been paid",
    ),
    ("is it there", "<is there> [a |an |any ]<task> (on|in) <list>", "do i have milk on my list"),
    ("is it there", "(is|are) <task> [already |still ](on|in) <list>", "is milk on my list"),
    (
        "is it there",
        "<is there> [a |any |some ](<things>|thing|anything) (about|for|to|with|like) <task>",
        "do i have a task about taxes",
    ),
    ("is it there", "do (i|we) [still ](have|need) to <task>", "do i still have to call mom"),
    ("is it there", "(what|how) about <task>", "what about the rent"),
    ("is it there", "(find|search|look up)[ for] <task>", "find the tax task"),
    (
        "is it there",
        "(which|what) <things> (are|is|have|mention|contain)[ about| for| with] <task>",
        "which tasks are about taxes",
    ),
    (
        "is it there",
        "(show|list|display|view|see)[ me][ all][ the| my] <things> (about|for|with|on) <task>",
        "show tasks about taxes",
    ),
    (
        "is it there",
        "(show|open|view|display|describe|check|see|get|tell me about|details of|status of)[ me] <exact>",
        "show task 3",
    ),
    ("is it there", "<what is> (the status of|with|up with) <task>", "what's the status of the report"),
    ("is it there", "<what is> <exact>[ about]", "what is task 3"),
    ("how to", "how (do|can|could|should|would|to) <any>", "how do i delete a task"),
    (
        "how to",
        "(what happens if|what if|is it possible to|can i|could i|may i|are you able to|do you know how to"
        "|can (it|that|this) be) <any>",
        "can i delete a task",
    ),
    ("advice", "(should|shall|must|ought|would|do) (i|we) <any>", "should i delete task 3"),
    (
        "advice",
        "(do you think|would it|is it (ok|okay|time|safe|right)) <any>",
        "is it time to call mom",
    ),
    ("question", "<ask> <any>", "what's the weather like"),
    ("question", "(do|did|have|has|had|was|were|will|won't) <any of us><rest>", "do you like milk"),
)

LEFTOVERS = (
    ("add", "(todo|to-do|reminder) <title>", "todo buy milk"),
    (
        "off topic",
        "(write|tell|sing|give|make|play|read|send|buy|bring|get|find|cook|order|teach|draft) (me|us)<rest>",
        "write me a poem",
    ),
    (
        "off topic",
        "(translate|calculate|compute|explain|define|google|sing|recite|roleplay|pretend|convert)<rest>",
        "translate this",
    ),
    (
        "off topic",
        "(move|put|give|send|share|print|plan|schedule|set|assign|tag|pin|snooze|prioritize) <numbered><rest>",
        "move task 3 to the top",
    ),
    ("chore", "<chore> <any>", "buy milk"),
)
