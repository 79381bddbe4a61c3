"""What the clients of these tests say."""

# Something is asked back, but not much.
STORY = (
    "我前年三月微信转账借给朋友五万块钱,打了借条,写明2025年3月还清,上个月微信催过他也没还,他承认借了钱,"
    "身份证号和住址我都有,借去做生意,没有担保人,还没起诉,钱是我自己的积蓄,怎么办?"
)
