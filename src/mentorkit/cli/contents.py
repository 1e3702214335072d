"""The contents of the command line: each command with what it does, and an example of it."""

from __future__ import annotations

HEADINGS = {
    "Matching from files": {
        "match": (
            "match",
            "Match the people in a file or two, and say why.",
            "people.csv --map mapping.toml --programme programme.toml --out plan.csv",
        ),
        "verify": (
            "verify",
            "Check a plan that `match` wrote, without trusting who made it.",
            "plan.json people.csv --map mapping.toml",
        ),
        "audit": (
            "audit",
            "Say how a plan treats groups of people.",
            "plan.json people.csv --by department",
        ),
        "map": (
            "map",
            "Propose how the columns of an unknown file are to be read.",
            "people.csv --out mapping.toml",
        ),
        "init": (
            "init",
            "Write a programme and a mapping to start from.",
            "people.csv --folder autumn",
        ),
    },
    "Setting a programme up": {
        "tour": (
            "tour",
            "Play a whole programme with made-up people, in seconds.",
            "--format flash",
        ),
        "programme new": (
            "programmes",
            "Create a programme from its file.",
            "programme.toml --id autumn",
        ),
        "programme list": ("programmes", "List the programmes.", ""),
        "programme show": ("programmes", "Show what a programme is made of.", "autumn"),
        "import": (
            "enrolling",
            "Enrol the people in files, or change how they take part.",
            "people.csv --programme autumn --dry-run",
        ),
        "people list": ("participants", "List who takes part.", "autumn"),
        "people leave": ("participants", "Take people out of a programme.", "autumn Ann"),
    },
    "Letting people in": {
        "applicants list": ("applicants", "List who applied or waits, and why.", "autumn"),
        "applicants add": (
            "applicants",
            "Record that the people in files applied.",
            "letters.csv --programme autumn",
        ),
        "applicants approve": ("applicants", "Let applicants take part.", "autumn Ann Ben"),
        "applicants wait": (
            "applicants",
            "Put applicants on the waiting list.",
            'autumn Ann --reason "All mentors are taken."',
        ),
        "applicants decline": (
            "applicants",
            "Decline applicants.",
            'autumn Ann --reason "This is for newcomers."',
        ),
        "rate": (
            "applicants",
            "Record how somebody was rated.",
            "autumn Ann fluency 4 --on 2026-09-01",
        ),
        "invite new": (
            "inviting",
            "Make an invitation, which works once.",
            "autumn --role mentor --email may@example.org",
        ),
        "invite list": ("inviting", "List invitations.", "autumn"),
        "invite revoke": ("inviting", "Make an invitation work no longer.", "autumn 3fb2"),
        "invite redeem": (
            "inviting",
            "Let somebody in by the token of an invitation.",
            "TOKEN may.csv",
        ),
        "questionnaire out": (
            "questionnaires",
            "Write down what is asked of people.",
            "autumn --out asked.csv",
        ),
        "questionnaire in": (
            "questionnaires",
            "Read their answers back.",
            "autumn asked.csv --dry-run",
        ),
    },
    "Bringing them together": {
        "draft": (
            "plans",
            "Match those who are enrolled, and keep the plan for review.",
            "autumn --pin Ann May --report plan.html",
        ),
        "publish": ("plans", "Make relationships of the draft.", "autumn"),
        "withdraw": ("plans", "Take back what was published, while nobody has answered.", "autumn"),
        "introductions": (
            "introductions",
            "Write what those are told who were matched.",
            "autumn --out letters",
        ),
        "relationships": (
            "relationships",
            "List who is together, and what comes next.",
            "autumn --stage active",
        ),
    },
    "Agreeing": {
        "chat": (
            "steps",
            "Record that a member wants a chat before they answer.",
            '"Ann + May" --as Ann',
        ),
        "decline": (
            "relationships",
            "Record that a member turns a proposal down.",
            '"Ann + May" --as Ann',
        ),
        "expect": (
            "agreeing",
            "Record what a member expects, for the others to compare.",
            '"Ann + May" --as Ann --point "reply=Within two days."',
        ),
        "terms": (
            "agreeing",
            "Show what members agree on, and propose other terms.",
            '"Ann + May" --as Ann --set cadence=7 --propose',
        ),
        "agree": ("relationships", "Record that members accept and sign.", '"Ann + May"'),
        "goals list": ("goals", "List goals and where they stand.", "autumn"),
        "goals add": (
            "goals",
            "Propose a goal in a member's name.",
            '"Ann + May" "Lead a team" --as Ann --due 2026-12-01',
        ),
        "goals accept": ("goals", "Record that members accept a goal.", "--all autumn"),
        "goals record": ("goals", "Record where a goal's metric stands.", "Ann 2 --on 2026-10-01"),
        "goals reach": ("goals", "Record that a goal is reached.", "Ann"),
        "goals drop": ("goals", "Record that a goal is given up.", "Ann"),
    },
    "Meeting": {
        "schedule": ("sessions", "Plan the meetings that are still to come.", "autumn"),
        "sessions": ("sessions", "List meetings.", "autumn --state planned"),
        "meet": (
            "preparing",
            "Plan one meeting more, or record one that was never planned.",
            '"Ann + May" 2026-09-10T17:00+02:00 --held',
        ),
        "topic": (
            "preparing",
            "Add a topic to a meeting's agenda.",
            '"Ann + May#2" "How to say no" --as Ann',
        ),
        "prepare": (
            "preparing",
            "Print what a member takes along to a meeting.",
            '"Ann + May#2" --as Ann',
        ),
        "offer": (
            "booking",
            "Offer office hours.",
            'autumn May --from 2026-09-01 --until 2026-12-18 --window "Tue 9-11"',
        ),
        "hours list": ("booking", "List the office hours that were offered.", "autumn"),
        "hours withdraw": ("booking", "Offer office hours no longer.", "autumn May"),
        "slots": (
            "booking",
            "List the slots of office hours that can be booked.",
            "autumn --for Ann",
        ),
        "book": ("booking", "Book a slot.", "autumn May 2026-09-08T09:00+02:00 --for Ann"),
        "move": ("booking", "Move a planned meeting.", '"Ann + May#2" 2026-09-10T17:00+02:00'),
        "log": (
            "sessions",
            "Record that meetings were held, missed or cancelled.",
            '"Ann + May#1" --held',
        ),
        "correct": (
            "correcting",
            "Put right what was recorded of a meeting.",
            '"Ann + May#1" --minutes 45 --attended Ann --attended May',
        ),
        "gatherings list": (
            "gatherings",
            "List programme events, and the seats that are left.",
            "autumn",
        ),
        "gatherings who": (
            "gatherings",
            "List who comes, and who waits for a seat.",
            '"Opening evening"',
        ),
        "gatherings announce": (
            "gatherings",
            "Announce a programme event.",
            'autumn "Opening evening" --starts 2026-09-10T17:00+02:00 --seats 40',
        ),
        "gatherings sign-up": (
            "gatherings",
            "Give people a seat, or a place to wait for one.",
            '"Opening evening" Ann May',
        ),
        "gatherings sign-off": ("gatherings", "Take people off again.", '"Opening evening" Ann'),
        "gatherings move": (
            "gatherings",
            "Move a programme event.",
            '"Opening evening" 2026-09-17T17:00+02:00',
        ),
        "gatherings hold": (
            "gatherings",
            "Record that it took place, and who came.",
            '"Opening evening" --came Ann --came May',
        ),
        "gatherings cancel": ("gatherings", "Cancel a programme event.", '"Opening evening"'),
    },
    "Between meetings": {
        "actions list": ("actions", "List actions and what became of them.", "autumn --open"),
        "actions add": (
            "actions",
            "Add an action, for a member to do.",
            '"Ann + May" "Write the first page" --as Ann --due 2026-09-20',
        ),
        "actions done": ("actions", "Record that an action was done.", "3fb2"),
        "actions drop": ("actions", "Record that an action is given up.", "3fb2"),
        "exchange list": ("exchange", "List who asked, answered and shared.", "autumn"),
        "exchange ask": (
            "exchange",
            "Ask the other members something.",
            '"Ann + May" "Whom should I talk to?" --as Ann',
        ),
        "exchange answer": (
            "exchange",
            "Answer what another member asked.",
            '3fb2 "Ask Noa." --as May',
        ),
        "exchange share": (
            "exchange",
            "Share a link, or something in words.",
            '"Ann + May" "On feedback" --link https://example.org/feedback --as May',
        ),
        "insights list": ("insights", "List what is carried over, and how far.", "autumn"),
        "insights add": (
            "insights",
            "Write down what a member may carry over.",
            '"Ann + May" "Say it the same day." --as Ann',
        ),
        "insights tried": ("insights", "Record that an insight was tried.", "3fb2"),
        "insights adopted": ("insights", "Record that an insight is there to stay.", "3fb2"),
        "stories list": (
            "stories",
            "List published stories, or what a member reads.",
            "autumn",
        ),
        "stories write": (
            "stories",
            "Write down a story in a member's words.",
            '"Ann + May" "One question" "It was the first of many." --as Ann',
        ),
        "stories rewrite": (
            "stories",
            "Record that its author says it in other words.",
            '3fb2 --title "The first question"',
        ),
        "stories consent": (
            "stories",
            "Record that a member consents to a story.",
            "3fb2 --as May --edition 1",
        ),
        "stories withdraw": (
            "stories",
            "Record that a member does not, or no longer.",
            "3fb2 --as May",
        ),
        "stories drop": ("stories", "Take a story away altogether, for its author.", "3fb2"),
    },
    "Week by week": {
        "today": ("today", "Say who owes what.", "autumn"),
        "status": ("reporting", "Say how programmes stand, and who waits for what.", "autumn"),
        "health": (
            "recognition",
            "List what needs attention, and settle it.",
            "autumn --settle 3fb2",
        ),
        "ask-help": (
            "recognition",
            "Ask for help in a member's words.",
            '"Ann + May" "We cannot find a time." --as Ann',
        ),
        "survey show": ("surveys", "Show what a programme asks, of whom and when.", "autumn"),
        "survey list": (
            "surveys",
            "List who was asked what, or write open questions to a file.",
            "autumn --open --out answers.csv",
        ),
        "survey answer": ("surveys", "Record answers.", "Ann useful=5"),
        "survey tallies": ("surveys", "Say how often each answer was given.", "autumn"),
        "awards": ("recognition", "List what was earned.", "autumn"),
        "thank": (
            "recognition",
            "Thank one member in another's words.",
            '"Ann + May" "You made me brave." --to May --as Ann',
        ),
        "journal": ("reporting", "List what happened.", "autumn"),
    },
    "When things change": {
        "pause": ("steps", "Pause a relationship until a day.", '"Ann + May" --until 2026-11-02'),
        "resume": ("steps", "Have it go on before that day.", '"Ann + May"'),
        "extend": (
            "steps",
            "Record that members want it to last longer, for a new goal.",
            '"Ann + May" --until 2027-03-01 --goal 3fb2',
        ),
        "hand-over": (
            "steps",
            "Propose somebody in the place of one who leaves.",
            '"Ann + May" --leaving May --to Noa',
        ),
        "end": (
            "relationships",
            "End a relationship early, without fault.",
            '"Ann + May" --as Ann',
        ),
        "again": ("steps", "Take back that two people are never matched again.", "Ann May"),
        "export": (
            "exporting",
            "Write down all that is held of a person, for them.",
            "Ann --out ann.json",
        ),
        "erase": ("exporting", "Forget a person for good.", "Ann"),
    },
    "At the end": {
        "complete": (
            "steps",
            "Close a relationship as it was meant to, before its last day.",
            '"Ann + May"',
        ),
        "certificate": (
            "certificates",
            "Write a certificate to print.",
            "--programme autumn --person Ann --out ann.html",
        ),
        "report": ("reporting", "Say what came of a programme.", "autumn --out report.html"),
        "close": ("programmes", "Close a programme.", "autumn"),
    },
    "Keeping it running": {
        "migrate": (
            "running",
            "Bring the database's tables to this version.",
            "--database sqlite:///mentorkit.db",
        ),
        "advance": ("running", "Do what is due.", ""),
        "deliver": ("running", "Carry events to the subscribers.", ""),
        "deliveries": (
            "running",
            "List events on their way, and replay those given up.",
            "--state dead",
        ),
        "run": ("running", "Advance and deliver, again and again.", "--every 60"),
    },
    "This installation": {
        "plugins": ("plugins", "Show what is installed, what it contributes, and what failed.", ""),
        "doctor": ("doctor", "Check this installation.", ""),
    },
}
"""By heading, in the order of a coordinator's year: each command's module, what it does, and the
words of an example. It is the module's `command`, or where a module holds several, the one in its
`commands` by that name."""
FAMILIES = {
    "programme": "Create, list and show programmes.",
    "people": "List who takes part, and take people out.",
    "applicants": "Approve, decline or keep waiting those who apply.",
    "invite": "Make invitations, list, revoke and redeem them.",
    "questionnaire": "Ask people by a file, and read their answers back.",
    "goals": "List goals, add, accept, record, reach or drop them.",
    "hours": "List office hours that were offered, and withdraw them.",
    "gatherings": "Announce programme events, and keep their seats.",
    "actions": "List actions, add them, and say what became of them.",
    "exchange": "Ask, answer and share between meetings.",
    "insights": "Write down what members carry over, and how far.",
    "stories": "Publish what members tell, while all of them consent.",
    "survey": "Show what is asked, and record and count answers.",
}
"""What commands of two words do together, by the first."""
