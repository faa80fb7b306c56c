"""Texts of the conversation other than the steps' questions."""

from bekhedmetkom.kernel.text import BilingualText

NOT_UNDERSTOOD = BilingualText("لم أفهم ذلك.", "I did not understand that.")
HANDED_OVER = BilingualText(
    "سيقرأ موظف هذه المحادثة ويرد عليك هنا. وللهاتف: {phone}. للعودة إلى المساعد اكتب «رجوع».",
    "An officer will read this talk and answer you here. By telephone: {phone}. Write “back” for the assistant.",
).format(phone="\u206606\u00a0500\u00a08080\u2069")  # kept on one line, left to right
NO_FILES_NOW = BilingualText(
    "الملفات لا تصل إلى الموظف هنا. اكتب «رجوع» لترفقها بطلب.",
    "Files do not reach the officer here. Write “back” to send them with a case.",
)
CANCELLED = BilingualText(
    "ألغيناه، ومحونا ما كتبت. لم يُرسل شيء.", "Cancelled, and what you wrote is erased. Nothing was sent."
)
CONVERSATION_EXPIRED = BilingualText(
    "مضى يومان دون جواب، فمحونا ما كتبته حفاظًا عليك. لم يُرسل شيء، ونبدأ من جديد.",
    "Two days passed without an answer, so what you wrote was erased for your safety. Nothing was sent; we begin anew.",
)
HELP = BilingualText(
    "أنا مساعد بخدمتكم، برنامج لا إنسان. أوصل شكواك أو سؤالك أو اقتراحك إلى الجهة المسؤولة، وأقول لك أين وصل طلبك. "
    "اكتب بكلماتك، و«رجوع» أو «إلغاء» أو «موظف» متى شئت.",
    "I am Bekhedmetkom's assistant, a program and no human. I bring your complaint, question or suggestion to the body "
    "in charge, and tell you how your case stands. Use your own words; “back”, “cancel” or “person” at any time.",
)
WELCOME = BilingualText("أهلًا وسهلًا.", "You are welcome.")
DANGER_WARNING = BilingualText(
    "إن كان أحد في خطر الآن فاتصل فورًا بالرقم 911. ونكمل طلبك هنا.",
    "If somebody is in danger now, call 911 at once. Your case goes on here.",
)
PUBLISHED_ANSWER = BilingualText(
    "أُجيب عن مثله من قبل:\n{answer}\nالمصدر: {source}\nإن كفاك هذا فاكتب «يكفيني»، وإلا فأكمل.",
    "Something like it was answered before:\n{answer}\nSource: {source}\nIf that is enough write “enough”, or go on.",
)
READ_MORE_TITLE = BilingualText("اقرأه كاملًا", "Read all of it")
ANSWER_ACCEPTED = BilingualText(
    "سُررنا بذلك. لم نرسل شيئًا، ومحونا ما كتبت.",
    "Glad to hear it. Nothing was sent, and what you wrote is erased.",
)
FILE_RECEIVED = BilingualText("وصل الملف.", "We have the file.")
TOO_MANY_FILES = BilingualText("لا يُرفق بالطلب أكثر من 10 ملفات.", "A case takes at most 10 files.")
CASE_SENT = BilingualText(
    "وصل طلبك.\nالرقم: \u2066{reference}\u2069\nرمز المتابعة: \u2066{code}\u2069 (احفظه ولا تعطه لأحد)\nالجهة: {body}\n"
    "الرد قبل: {due}",
    "We have your case.\nNumber: {reference}\nAccess code: {code} (keep it, and give it to nobody)\nBody: {body}\n"
    "Answer by: {due}",
)
TRACK_TITLE = BilingualText("تتبّع الطلب", "Track the case")
WRONG_ACCESS_CODE = BilingualText(
    "لا يفتح هذا الرمز طلبًا بهذا الرقم. راجعهما رقمًا رقمًا.",
    "This code does not open a case with that number. Check both.",
)
WAIT_AND_RETRY = BilingualText("انتظر {wait} ثم جرّب من جديد.", "Wait {wait}, then try again.")
CODE_RECOVERY = BilingualText(
    "تستطيع أن تطلب رمزًا جديدًا يصل إلى هاتفك أو بريدك المؤكد.",
    "You can ask for a new code, sent to your confirmed phone or e-mail.",
)
NEW_CODE_TITLE = BilingualText("رمز جديد", "A new code")
