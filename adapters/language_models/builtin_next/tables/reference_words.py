"""How people point at tasks."""

PLACES = """
0: first 1st top one
1: second 2nd two
2: third 3rd three
3: fourth 4th four
4: fifth 5th five
5: sixth 6th
6: seventh 7th
7: eighth 8th
8: ninth 9th
9: tenth 10th
-1: last bottom final latest
-2: second-last
"""
ONE = "it that this one thing that one this one this task that task the task the one the thing same it all the former the latter"
IT = r"it|that|this|that one|this one|this task|that task|the task|the one|the thing|the same|this thing|that thing|he|she"
THEM = (
    r"them|those|these|both|they|all|all of them|all of those|all of these|them all|both of them|those two|these two|all of it|it all|all three"
    r"|those tasks|these tasks|the two|the lot|the two of them|all those|all these|everything there|both tasks"
)
OTHER = r"(?:the )?other(?: one| task)?|not that(?: one)?"
EVERYTHING = (
    r"everything|all|all tasks|every task|every single task|all my tasks|all the tasks|all of my tasks|all of the tasks|my whole list|the whole list|the entire list"
    r"|my list|the list|all my to-?dos|my tasks|every one|every to-?do|all to-?dos|all items|all of my to-?dos|all open tasks|all my open tasks|each task|my entire list|the lists|all things|all the things"
)
EXCEPT = r"\b(?:except(?: for)?|but not|besides|apart from|other than|but|without|save for|not including|excluding|all but)\b"
ALL = r"^(?:(?:all|every|each|any|both)(?: of)?(?: the| my| our)?|everything(?: that is| that's| from| in| on| for| due)?|the rest of(?: the)?) (?=\S)"
NUMBERS = "one 1|two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|ten 10|eleven 11|twelve 12|thirteen 13|fourteen 14|fifteen 15|sixteen 16|seventeen 17|eighteen 18|nineteen 19|twenty 20"
