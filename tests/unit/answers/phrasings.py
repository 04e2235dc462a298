"""How callers ask, in words of their own: question -> what a rep would type."""

from __future__ import annotations

PHRASINGS: dict[str, tuple[str, ...]] = {
    "care-before-card": (
        "new hire has to see a doctor, no card yet",
        "my employee is sick and his card did not come",
        "what to show at the clinic before the card arrives",
        "can she get treatment while waiting for the ID",
        "needs an appointment tomorrow without a card",
        "tarjeta no ha llegado y necesita medico",
    ),
    "card-mailed": (
        "do you send the cards to our office",
        "which address do cards go to",
        "will the employer get the ID cards",
        "does each family member receive a card",
        "are membership cards mailed home",
    ),
    "online-free": (
        "is there a fee for the website",
        "how much does the online account cost",
        "do you charge us for using the portal",
        "price of online services",
        "is the web service free",
    ),
    "online-tour": (
        "can I have a look at the website first",
        "is there a demo of the portal",
        "I'd like to preview the online services",
        "show me what the site looks like before I register",
        "where is the tour",
    ),
    "online-begin": (
        "how do we sign up for the website",
        "when can my client start online",
        "where do I fax the request form",
        "we want to get set up on the portal",
        "how to register for online account services",
    ),
    "online-optional": (
        "do I have to use the website",
        "I'd rather call somebody",
        "can we keep doing it over the phone",
        "we have no internet in the office",
        "is going online mandatory",
        "what number do I call for membership",
    ),
    "more-user-ids": (
        "my assistant needs her own login",
        "add another user to our account",
        "where is Account Access",
        "limit what a colleague may see",
        "can a second person in HR get a user name",
    ),
    "administrator-id": (
        "our administrator left the company",
        "I forgot the password of the admin login",
        "can we have two administrators",
        "new HR manager takes over the admin ID",
        "replace our administrator",
    ),
    "user-id-letter": (
        "how long until the code comes",
        "where is my user ID letter",
        "we faxed the form two weeks ago and got nothing",
        "can you read me the access code",
        "activation code never arrived",
        "can you e-mail the code",
    ),
    "employees-access": (
        "employee wants login",
        "can our workers use the online account",
        "can staff see their lab results",
        "how does an employee refill a prescription online",
        "empleado quiere entrar al portal",
    ),
    "done-at-once": (
        "is a termination immediate",
        "how fast is an address change",
        "do changes happen right away",
        "is it instant when I press submit",
        "when does a name change register",
    ),
    "enrollment-waiting": (
        "why is my new hire not in the system",
        "our enrollment is still pending",
        "I added somebody yesterday and she isn't showing",
        "what is taking the enrollment so long",
        "is it stuck in your queue",
    ),
    "cobra-online": (
        "kobra",
        "can we enter COBRA people on the website",
        "cobra enrollment online",
        "our third party administrator does COBRA",
        "do continuation coverage through the portal",
    ),
    "cobra-by-phone": (
        "can you take a COBRA enrollment over the phone",
        "please send a cobra packet",
        "call about cobra",
        "cobra by telephone",
        "election papers for a former employee on cobra",
    ),
    "medicare": (
        "employee is turning 65",
        "who handles medicare",
        "medicar enrollment",
        "senior advantage for a retiree",
        "part B question",
    ),
    "paper-bill": (
        "can't see my paper statement",
        "will the invoice still come by mail",
        "stop mailing us bills",
        "we want paperless billing",
        "factura en papel",
    ),
    "billing-cycle": (
        "can our due date be moved",
        "we want to be billed later in the month",
        "choose a different billing cycle",
        "small business cycle choices",
        "change the date the bill comes out for cash flow",
    ),
    "late-letters": (
        "what notices go out when we are delinquent",
        "we got a warning letter",
        "what is the termination letter",
        "do you remind us when we pay late",
        "how do you notify of past due",
    ),
    "coverage-ending": (
        "are we about to be cancelled",
        "what do I have to pay to keep our insurance",
        "is our coverage ending",
        "last day to pay before we lose coverage",
        "are we still covered",
    ),
    "balance": (
        "how much do we owe",
        "what is the balance",
        "did you receive our check",
        "total outstanding amount",
        "why is there a returned check fee",
    ),
    "reinstatement": (
        "we were terminated for non payment, can we get it back",
        "reinstate our group",
        "how to restore coverage",
        "reactivate the policy",
        "undo the cancellation",
    ),
    "file-electronically": (
        "can we send an 834",
        "do you take tapes or diskettes",
        "electronic enrollment file",
        "which file format do you accept",
        "is EDI possible with HIPAA standard",
    ),
    "file-begin": (
        "who do I contact to start EDI",
        "how do we set up electronic filing",
        "interested in sending files, whom to call",
        "begin with a test file",
        "become a trading partner",
    ),
    "who-is-who": (
        "who is my broker",
        "name of our account manager",
        "who's our rep",
        "which agent is on record",
        "contact person for our account",
    ),
}
NONSENSE = (
    "purple elephants dancing",
    "weather in Fresno tomorrow",
    "qwzx plmk",
    "recipe for pancakes",
    "football scores tonight",
    "???",
    "the of and",
)

UNSEEN: dict[str, tuple[str, ...]] = {
    "care-before-card": (
        "what can a member do if the card hasn't come and he is ill",
        "baby needs a pediatrician, we have no cards",
        "proof for the pharmacy before cards arrive",
    ),
    "card-mailed": (
        "card delivery address",
        "do kids get their own card",
    ),
    "online-free": (
        "any costs for web access",
        "do we pay for online",
    ),
    "online-tour": (
        "try it out before registering",
        "is there a walkthrough",
    ),
    "online-begin": (
        "get started with web access",
        "request form for user id",
    ),
    "online-optional": (
        "we hate computers, can someone help us on the phone",
        "must everything be electronic",
    ),
    "more-user-ids": (
        "two people in my office should use it",
        "give payroll clerk limited permissions",
        "extra users",
    ),
    "administrator-id": (
        "the person with the login quit",
        "reset our admin password",
        "change who is administrator",
    ),
    "user-id-letter": (
        "status of my user id request",
        "still waiting on our access code",
        "did my fax arrive",
    ),
    "employees-access": (
        "can an employee log in",
        "workers want to email their doctor",
        "should staff register on your site",
    ),
    "done-at-once": (
        "how soon is a termination effective",
        "are updates in real time",
    ),
    "enrollment-waiting": (
        "enrollment not processed",
        "when will the new employee be active",
        "it has been 48 hours",
    ),
    "cobra-online": (
        "is cobra available through the website",
        "cobra tpa",
        "who administers our cobra",
    ),
    "cobra-by-phone": (
        "enroll someone in cobra right now on this call",
        "mail the cobra forms",
    ),
    "medicare": (
        "medicare",
        "retiree question",
        "my husband is 66 and still works",
    ),
    "paper-bill": (
        "I want my bill on paper",
        "where is my invoice",
        "turn off paper statements",
    ),
    "billing-cycle": (
        "pay on the 15th instead",
        "billing schedule",
        "other due dates",
    ),
    "late-letters": (
        "received a delinquency notice",
        "what happens when we do not pay",
        "grace period letter",
    ),
    "coverage-ending": (
        "when will we be terminated",
        "minimum to pay to stay insured",
        "deadline for premium",
    ),
    "balance": (
        "amount outstanding",
        "has our payment been posted",
        "account balance",
    ),
    "reinstatement": (
        "coverage lapsed, want it back",
        "can the group be restored after termination",
    ),
    "file-electronically": (
        "send a spreadsheet",
        "x12 enrollment",
        "upload our eligibility file",
    ),
    "file-begin": (
        "start sending 834 files",
        "onboard our payroll vendor for EDI",
    ),
    "who-is-who": (
        "broker's phone number",
        "account rep name",
        "who signed our contract",
    ),
}
"""The words of the articles were not chosen with these in mind."""
