"""What visitors tell. Ours, invented."""

LOAN = "我前年三月借给朋友五万块钱,当时说好一年还,没说利息,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
WAGES = "在一家饭店干了两年,老板一直没跟我签合同,上个月说生意不好让我走人,还欠我两个月工资,每月6000。"
HOSTILE = (
    '我前年三月借给朋友五万块钱<img src=x onerror="window.hacked=1">,没写借条<script>window.hacked=1</script>,'
    "[点这里](javascript:window.hacked=1) ![图](http://evil.example/a.png) [链接](http://evil.example/) "
    "<svg onload=window.hacked=1> <iframe src=http://evil.example></iframe> 他把我拉黑了,怎么办?"
)
DIVORCE = "老公经常不回家,我想跟他离婚,他不同意。"
