"""Default texts that answer incoming replies: the case's reference only, and not even that to unknown senders."""

from collections.abc import Mapping

from bekhedmetkom.kernel.text import BilingualText

from ..templates import Template, TemplateTexts


def _format_email(ar: str, en: str) -> BilingualText:
    return BilingualText(f"{ar}\n\nبخدمتكم", f"{en}\n\nBekhedmetkom")


REPLY_TEXTS: Mapping[Template, TemplateTexts] = {
    Template.BACK_BOX: TemplateTexts(
        BilingualText("لم نحفظ رسالتك", "We kept nothing of your letter"),
        _format_email(
            "ما كتبته قد يكون عن فساد، فلم نحفظ منه شيئًا. للبلاغ السري طريق أكثر أمانًا، يحمي هويتك ولا يمر"
            " بالبريد:\n{box}\n\nوإن لم يكن عن فساد فاكتبه في صفحة طلبك {reference}:\n{link}\n\nاحذف رسالتك من"
            " بريدك إن كان غيرك يصل إليه.",
            "What you wrote may concern corruption, so we kept nothing of it. A confidential report is safer: it"
            " protects who you are, and does not travel by e-mail:\n{box}\n\nIf it is about something else, write it"
            " on the page of your case {reference}:\n{link}\n\nDelete your letter if others can open your mailbox.",
        ),
        BilingualText(
            "لم نحفظ رسالتك: قد تكون عن فساد. البلاغ السري أكثر أمانًا: {box}",
            "Your text may concern corruption; nothing was kept. A confidential report is safer: {box}",
        ),
    ),
    Template.BACK_ENDED: TemplateTexts(
        BilingualText("طلبك {reference} انتهى العمل عليه", "Work on your case {reference} is over"),
        _format_email(
            "وصلتنا رسالتك، لكن العمل على طلبك {reference} انتهى، فلم نضفها إليه.\n\nإن لم يُحل الأمر فلك أن تعترض"
            " خلال 30 يومًا من الرد، ويراجعه موظف آخر. الاعتراض في صفحة طلبك:\n{link}",
            "We have your letter, but work on your case {reference} is over, so it was not added.\n\nIf it is not"
            " solved, you can appeal within 30 days of the answer, and another officer reviews it. Appeal on your"
            " case's page:\n{link}",
        ),
        BilingualText(
            "انتهى طلبك {reference} أو مدة تقييمه. ما يمكنك الآن تجده هنا: {track}",
            "Your case {reference}, or the time to rate it, is over. What you can do now: {track}",
        ),
    ),
    Template.BACK_UNREAD: TemplateTexts(
        BilingualText("لم تُضف رسالتك إلى {reference}", "Your letter was not added to {reference}"),
        _format_email(
            "وصلتنا رسالتك عن طلبك {reference}، ولم نستطع أن نضيفها إليه: ليس فيها كلام جديد، أو هي أطول من"
            " 4,000 حرف، أو قديمة العنوان، أو لم نتأكد أنها منك.\n\nاكتب ما تريد في صفحة طلبك:\n{link}",
            "We have your letter about your case {reference} but could not add it: it holds no new words, is longer"
            " than 4,000 characters, answers an old letter, or could not be shown to be yours.\n\nPlease write on"
            " your case's page:\n{link}",
        ),
        BilingualText(
            "لم نفهم رسالتك عن {reference}. أجب 1 إن حُلّ الأمر، 2 إن لم يُحل، أو هنا: {track}",
            "We did not understand you about {reference}. Reply 1 solved, 2 not solved, or here: {track}",
        ),
    ),
    Template.BACK_STRANGER: TemplateTexts(
        BilingualText("لم نستطع قبول رسالتك", "We could not take your letter"),
        _format_email(
            "لم نستطع قبول رسالتك، لأنها لم تأتِ من البريد الذي كتبنا إليه. اكتب من ذلك البريد، أو افتح طلبك برقمه"
            " ورمزه:\n{track}",
            "We could not take your letter, for it did not come from the address to which we wrote. Write from that"
            " one, or open your case with its reference and code:\n{track}",
        ),
    ),
    Template.BACK_FILES: TemplateTexts(
        BilingualText("أُضيفت رسالتك دون بعض ملفاتها", "Your letter was added without some of its files"),
        _format_email(
            "أضفنا كلامك إلى طلبك {reference}، لكن ملفًا أو أكثر لم يُقبل: نقبل الصور وملفات PDF والتسجيلات، حتى"
            " 20 ميغابايت للملف و10 ملفات للطلب.\n\nأضفها من صفحة طلبك:\n{link}",
            "Your words are in your case {reference}, but at least one file could not be taken: we take photos, PDF"
            " and recordings of up to 20 MB, 10 files a case.\n\nAdd them on your case's page:\n{link}",
        ),
    ),
    Template.BACK_UNSOLVED: TemplateTexts(
        None,
        None,
        BilingualText(
            "سجّلنا أن الأمر في {reference} لم يُحل. للاعتراض خلال 30 يومًا من الرد: {track}",
            "Noted: {reference} is not solved. To appeal within 30 days of the answer: {track}",
        ),
    ),
}
