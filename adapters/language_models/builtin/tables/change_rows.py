"""Rows of the grammar that ask for a change or report one."""

NOTES = (
    (
        "note",
        "(add|append|attach|put|leave) [a |the |more |some ]<note word> (to|on|for) <exact><colon or says><note>",
        "add a note to task 2: bring the card",
    ),
    (
        "note",
        "(add|append|put) <note> (to|in|into|as) the <note word> (of|for|on) <exact>",
        "add two litres to the description of task 2",
    ),
    ("note", "add a <note word> to <noted>(:| saying| that says) <note>", "add a note to the milk: two litres"),
    ("note", "(add|append) <note> to <task number>", "add oat milk to task 3"),
    ("note", "note (for|on) <exact>[:|,] <note>", "note for task 2: bring the card"),
    (
        "describe",
        "<change> [the |a ]<note word> (of|for|on|in) <task>( to| as| with|:) <note>",
        "change the description of task 2 to whole milk",
    ),
    (
        "describe",
        "<change> <exact>['s] <note word>( to| as| with|:) <note>",
        "update task 2's description to whole milk",
    ),
    ("describe", "<exact>['s] <note word>( is|:| =) <note>", "task 2 description: whole milk"),
    ("describe", "describe <task> as <note>", "describe task 2 as whole milk"),
    ("clear note", "<delete> [the |all |my ]<note word> (of|from|for|on|in) <task>", "remove the note from task 2"),
    ("clear note", "<delete> <exact>'s <note word>", "delete task 2's description"),
)

REMINDING = (
    ("remind then", "remind (me|us)[,][ please] <when>[,] to <title>", "remind me tomorrow to call mom"),
    ("remind not", "(remind me|make sure i)( not to| to not| don't) <title>", "remind me not to forget the keys"),
    ("remind", "remind (me|us)[ please][ of| about| that| to][:|,] <title>", "remind me to call mom"),
    ("remind", "(don't|dont|do not|never|let me not)[ let me] forget to <title>", "don't forget to call mom"),
    (
        "remind",
        "i (mustn't|must not|shouldn't|should not|can't|cannot|don't want to|better not) forget to <title>",
        "i mustn't forget to call mom",
    ),
    ("remind", "[<need to> |i want to |help me |to ]remember to <title>", "remember to call mom"),
    ("remind", "make sure[ that] (i|we)[ remember to] <title>", "make sure i call mom"),
    ("keep in mind", "(don't|dont|do not|never|let me not)[ let me] forget <title>", "don't forget the keys"),
)

ADDING = (
    (
        "add several",
        "<add>[ me] [<these> ][new ](<several things>|the following|these)[ <to my list>]<colon><title>",
        "add tasks: call mom; pay rent",
    ),
    ("add several", "[new |my ](tasks|todos|to-dos|items)<hard colon><title>", "todos: call mom, pay rent"),
    ("add what", "<add>[ me][ a| an| another| the| one more| some][ new][ <things>][ <to my list>]", "add a task"),
    ("add what", "[a ]new (task|todo|to-do|item|reminder)|remind me|set a reminder", "new task"),
    (
        "add",
        "<add>[ me] [a |an |another |one more |the ][new ]<thing>[ to self][ <to my list>]<which says><title>",
        "add a task to buy groceries",
    ),
    ("add", "[a ]new (<thing>|reminder)<colon>[to ]<title>", "new task: buy groceries"),
    ("add", "(new|todo|to-do|to do|task|reminder|memo|note)[ to self]<hard colon><title>", "todo: buy groceries"),
    ("add", "<add> <to my list><colon><title>", "add to my list: eggs"),
    (
        "add",
        "(put|write|get|stick|note|jot|place|throw)[ down] <title> (on|in|onto|into|to) <list>",
        "put eggs on my list",
    ),
    ("add", "<add it>[:|,] <title>", "add buy groceries"),
    ("need", "<need to> <title>", "i need to call mom"),
    (
        "wish",
        "(i want to|i'd like to|i would like to|i wanna|i'm going to|i'm gonna|i'll|i will|i plan to) <title>",
        "i want to learn chess",
    ),
    ("need thing", "[i |we ][also |still |really ]need [some |more |a |an ]<title>", "i need some milk"),
)

REOPENING = (
    ("reopen", "<reopen> <task>[ again]", "reopen task 3"),
    (
        "reopen",
        "(mark|set|flag|move|change|put|make|turn|update) <task> [as |to be |to |back to |back as ]<undone>[ again]",
        "mark task 3 as not done",
    ),
)

COMPLETING = (
    ("complete", "<change> the status of <task> to <done>", "change the status of task 3 to done"),
    (
        "complete",
        "(mark|set|flag|move|change|put|make|turn|update) <task> [off ][as |to be |to |back to ]<done>",
        "mark task 3 as done",
    ),
    ("complete", "(tick|check|cross|strike|mark) <task> off[ <list>| of <list>]", "check task 3 off my list"),
    (
        "complete what",
        "<finish>|<finish> (a|one|my) task|done|finished|completed|i (did|finished)[ a| one] task",
        "complete a task",
    ),
    ("complete", "<finish> <task>[ again]", "finish task 3"),
    ("complete", "(mark|check) <numbered>", "mark 3"),
)

RENAMING = (
    (
        "rename",
        "(rename|retitle|reword|rephrase) <task>(( to| as| into| ->| =>)[:]|:) <title>",
        "rename task 2 to buy oat milk",
    ),
    (
        "rename",
        "<change> the (title|name|text|wording) (of|for) <task>( to| into| as|:) <title>",
        "change the title of task 2 to buy oat milk",
    ),
    (
        "rename",
        "<change> <exact>['s][ title| name| text]( to say| to be| to:| to| into| as| ->|:) <title>",
        "change task 2's name to buy oat milk",
    ),
    (
        "rename",
        "(change|update|edit|modify|replace|correct) <task>( to say| to read| to| into| with| ->) <title>",
        "change the milk to buy oat milk",
    ),
    ("rename", "<numbered> should (be called|be|say|read) <title>", "task 2 should be buy oat milk"),
    (
        "rename what",
        "(rename|change|edit|update|modify) [the (title|name|text) of ](<exact>|a task|one task|my task|task)",
        "edit task 2",
    ),
    ("rename what", "(rename|retitle) <task>[ to]", "rename the milk"),
)

DELETING = (
    ("delete", "take <task> (off|out of|from) <list>", "take milk off my list"),
    (
        "clear list",
        "(<delete>|empty|reset|clean up|start over with)[ out] [<mine> ][whole |entire ](list|to-do list|todo list)",
        "clear my list",
    ),
    ("delete what", "<delete>[ a| one| my][ task| item]", "delete a task"),
    ("delete", "<delete> <task>", "delete task 3"),
)

TELLING = (
    (
        "reopen",
        "<task>(<is> not| isn't| aren't| wasn't| hasn't been)[ really| actually] <done>[ after all| yet| anymore]",
        "task 3 isn't done after all",
    ),
    (
        "reopen",
        "<task><is> [still |again |now ](undone|unfinished|incomplete|open|pending)[ again]",
        "task 3 is open again",
    ),
    ("did it", "i <adv>(did|have)[ it| so| that]", "i just did it"),
    ("done", "[<i> ]<adv><finished> <task>", "i finished buying groceries"),
    ("done", "[<i> ]<adv>did <task>", "i already did the laundry"),
    ("done", "<i> <adv>got <task> (done|finished)", "i got the laundry done"),
    ("done", "<task><is> <adv><done>[ now| today| already| finally]", "task 3 is done"),
    ("done", "<task><is> <adv><passive>[ now| today| already| finally]", "the rent is paid"),
    ("done", "<task><not as> <passive alone>", "rent paid"),
    ("done", "<task><not as>[ -|:|,] (done|completed|finished|✓|✔|✅|☑)", "groceries done"),
    ("done", "(✓|✔|✅|☑|done -|done:) <task>", "✓ groceries"),
    ("deed", "<i> <adv><deed>", "i've paid the rent"),
    ("deed", "<adv><deed alone>", "called mom"),
)
