"""How much people use what the platform offers them beside sending: looked at, written, said, subscribed, installed."""

from collections.abc import Callable, Mapping

from bekhedmetkom.kernel.text import BilingualText

from .indicators import INDICATORS, Better, Indicator, Unit
from .totals import Reading, Totals, counted

STORES = [
    ("google", "Google Play"),
    ("apple", "App Store"),
    ("huawei", "AppGallery"),
]  # as they call themselves


def _sum(measure: str) -> Callable[[Totals], Reading]:
    return lambda totals: counted(totals[measure])


_OWN = (
    Indicator(
        "visits", BilingualText("زيارات المتابعة", "Visits to tracking"),
        BilingualText("كم مرة فُتحت صفحات الطلبات عند أصحابها. نعدّ الفتح، ولا نعرف من فتح.",
              "How often citizens opened the pages of their cases. Openings are counted, not who opened."),
        BilingualText("عدد مرات الفتح", "number of openings"), Unit.COUNT, Better.NEITHER, _sum("visits"),
    ),
    Indicator(
        "subscribed", BilingualText("اشتراكات الإشعارات", "Push subscriptions"),
        BilingualText("أجهزة اشتركت في إشعارات طلب في المدة وما زالت مشتركة.",
              "Devices that subscribed to a case in the period, and still are."),
        BilingualText("عدد الأجهزة", "number of devices"), Unit.COUNT, Better.NEITHER, _sum("subscribed"),
    ),
    Indicator(
        "downloads", BilingualText("تنزيلات التطبيق", "Downloads of the app"),
        BilingualText("كما تقولها المتاجر، للأشهر التي تقع كلها في المدة؛ تُدخل باليد مع مصدرها.",
              "As the stores report them, of months wholly in the period; entered by hand with their source."),
        BilingualText("مجموع ما أُدخل", "sum of what was entered"), Unit.COUNT, Better.NEITHER, _sum("downloads"),
    ),
)  # fmt: skip

# In the order of the page; two of them are figures of the board too.
INTERACTION: Mapping[str, Indicator] = {
    one.key: one for one in (*_OWN[:1], INDICATORS["wrote"], INDICATORS["response"], *_OWN[1:])
}
EVERY: Mapping[str, Indicator] = {**INDICATORS, **INTERACTION}
