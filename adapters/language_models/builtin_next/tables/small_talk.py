"""What people say that asks for nothing, and what is answered. A `*` stands for any words."""

TALK: dict[str, tuple[str, str]] = {
    "hello": (
        "hi|hello|hey|hi there|hello there|hey there|yo|good morning|good afternoon|good evening|morning|hiya|howdy|greetings|are you there|i'm back|test|good day|hola|wyd|what's up|sup|whats up",
        "Hello! Tell me what you have to do, or ask “what's on today?”.",
    ),
    "thanks": (
        "thanks *|thank you *|thx *|thank you|thanks|cheers|much appreciated|great thanks|ok thanks *|ok thank you|perfect thanks|perfect|great|great job|good job|nice|nice one|awesome|cool|brilliant|excellent|wonderful"
        "|well done|you're the best|you are the best|love it|i love this app|this is really useful|that's great *|that's great news|lovely|super|amazing|very good|good|noted thanks|noted *|will do|understood|ok understood|that's perfect *",
        "You're welcome.",
    ),
    "fine": (
        "ok|okay|k|now|today please|ok cool|ok great|fine|alright|all right|i see|hmm|hm|haha|lol|wow|wow ok|oh|ah|no worries|sorry|it is ok like this|it's ok|it is ok|ok like this|got it|makes sense|let me think|one moment *|one moment please|please hold|hold on please|sure"
        "|what a day|i'm so tired *|i am so tired *|the weather is *|i have no time *|that's all|that is all|nothing for now|nothing|do nothing|nothing else|nothing more|that's it|not now|i guess|interesting|ha|hehe|yay|let's discuss *|to the moon",
        "All right. I'm here when you need me.",
    ),
    "bye": ("bye *|goodbye *|bye|good night *|good night|see you *|ciao|later|night|talk to you later|have a good *", "See you!"),
    "never mind": (
        "never mind *|never mind|forget it|forget about it|cancel|cancel that|stop|stop it|wait|hold on|no|nope|nah|no thanks|no thank you|no don't|don't|not yet|maybe later|leave it *|leave it|leave them|keep them *|keep it *|keep everything|keep all"
        "|neither *|none *|none|neither|no one|not all of them|not now|nah leave it|no keep *|no wait|no stop|abort|scratch that|no not that|not that|skip|skip it|not really|nothing|hmm no|no leave it|better not|i changed my mind|changed my mind|no way|no please *|not at all|no nothing|hang on|hmm|no don't *",
        "All right, I changed nothing. If you want the last change back, say “undo”.",
    ),
    "yes": (
        "yes|yes please|yes indeed|sure|sure thing|ok do it|do it|go ahead *|go ahead|yes do it|please do|of course|absolutely|definitely|correct|exactly|right|that's right|confirm|confirmed|affirmative|y|yes sir|yes go ahead|do that|please do it|yes delete them|yes delete it|yes delete all|yes all of them|yes do that|ok yes|yes we did|yes i did|sounds good|why not",
        "I haven't asked anything. Tell me what to do, for example “add buy milk” or “what's due today?”.",
    ),
    "pardon": ("what|huh|pardon|what no *|why|why not|really|what do you mean|come again", "Tell me what to do, or say “help” to see what I understand."),
    "how are you": ("how are you *|how are you|how do you do|how's it going *|how is it going|are you ok|you are understand me|do you understand me|are you understanding me", "Fine, thank you! What shall I write down?"),
    "who are you": (
        "who are you|what are you|are you a robot|are you human|are you an ai|are you real|what's your name|what is your name|are you chatgpt|who made you|will you remember *",
        "I'm the built-in assistant of this list. I keep your tasks: I add, find, move, finish and delete them, and I know nothing else.",
    ),
    "unknown": (
        "what time is it *|what's the time|what's the weather *|how's the weather *|tell me a joke *|tell me a story|do you like *|do you love *|do you know *|what is the meaning *|sing *|what's 2+2|what is 2+2|what's * plus *|i love you|can you call *|play *|who won *|who is *|do you *",
        "I only know about your tasks. Ask me “what's due today?”, or say “add …”.",
    ),
}

HELP: dict[str, tuple[str, str]] = {
    "add": ("add|create|new|make|remind|reminder|enter|set a reminder", "To add a task, just say it: “add buy milk tomorrow”, “remind me to call Ann on friday at 3”, “add milk, eggs to shopping”."),
    "complete": ("complete|finish|done|tick|mark|check", "To finish a task, say “done: milk”, “I paid the rent” or “finish 3”."),
    "delete": ("delete|remove|erase|trash|cancel", "To delete a task, say “delete 3” or “delete the bike”. It goes to the trash, and “undo” or “restore the bike” brings it back."),
    "change": ("change|move|date|due|reschedule|postpone|edit|rename|priority|p1|p2|p3|tag|list|repeat|recurring", "To change a task, say “move the dentist to friday at 4”, “make the rent high priority”, “rename 3 to …”, “tag 3 home”, “put it on the work list” or “repeat it every monday”. p1, p2 and p3 are high, medium and low priority."),
    "overdue": ("overdue|late", "Overdue is what was due before now and is not done. Ask “what's overdue?”."),
    "undo": ("undo|restore|back|mistake", "“undo” takes back what your last message changed. “restore the bike” gets a task out of the trash."),
    "ask": ("see|show|list|find|search|today", "Ask “what's due today?”, “what's on the work list?”, “what did I do yesterday?” or “when is the dentist?”."),
    "": (
        "",
        "I keep your tasks. You can say:\n  “add buy milk tomorrow”, “remind me to call Ann on friday at 3”\n  “done: milk”, “I paid the rent”\n"
        "  “move the dentist to monday”, “make it high priority”, “put it on the work list”\n  “delete the bike”, “undo”\n  “what's due today?”, “when is the dentist?”, “what did I do yesterday?”",
    ),
}
HELP_QUESTIONS = (
    r"help(?: me)?(?: please)?|what can (?:you|i) (?:do|say|ask)(?: here)?|how does (?:this|it) work|what (?:do|are) (?:you|your) (?:do|commands|features)|commands|instructions|how (?:do|can) i use (?:this|it|you)|what now|\?+"
    r"|(?:how (?:do|can|could|should|would|i can|to|can one) ?(?:i|you|we|one)?|what happens (?:if|when)|what (?:does|do|is|means|mean|are)|can you|could you|do you|is it possible to|can i|are you able to) (?P<about>.+)"
)
HELP_ABOUT = (
    r"^(?:how\b(?!'s| many| much| long| is| was| about| are| come).*|what happens\b.*|what (?:does|do|is|are) .{1,30} (?:mean|for)|what means .*|what (?:is|are) (?:a |an )?(?:tags?|p[1-4]|priorit(?:y|ies)|overdue|subtasks?|filters?)"
    r"|(?:can|could|do|are) you (?:able to )?(?:delete|add|create|move|rename|complete|set|handle|do|support) (?:\w+ )?(?:tasks|reminders|dates|lists|tags)(?: .*)?)$"
)
