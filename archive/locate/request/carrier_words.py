"""Words of who asks for a recording and of how he remembers it: they are of no call.

A table. What is made of nothing else is no topic, and is shown as not used.
"""

import re
from typing import Final

_JA: Final = """
記載 記載内容 利用 範囲 管理者 ヒアリング ヒアリング結果 結果 訴 消費生活 消費生活センター
態度 電波 運転中 手帳 確認済み 転記 受付票 受領 二度目 再送 結構 回答 返信 書き起こし
モニタリング 新人研修 評価 裁判所 証拠保全 時効 走り書き 代筆 聞き書き 本人談 家族談 限り
思い当 緊急 検証用 証拠用 保存用 感想 口調 対応者名 電話メモ 伝言 言伝 手紙 書面 書類 窓口担当
責任者 照会 声 感 抽出 聴取 閲覧 取得 提出 送付 共有 開示対象 録音データ 音声 音声データ
データ ファイル 音源 履歴 通話履歴 発着信履歴 ログ 記録簿 控え 写し 詳細 委細 詳細不明
手がかり 手掛かり ヒント 根拠 証拠 証言 裁判 訴訟 係争 紛争 弁護士 法務 法務部 警察
消費者センター 監査 内部監査 調査 社内調査 社内 社外 品質 品質管理 品質確認 研修 教育
コンプライアンス 苦情対応 クレーム対応 対応中 上司 上長 上席 本部 本社 支店 部門 担当部署
部署名 折衝 折衝記録 応対 応対記録 応対履歴 対応記録 対応履歴 経緯 経過 引継 引き継ぎ 引継ぎ
報告 報告書 検証 精査 参考 参照 参考情報 備考 補足 追記 注記 要確認 要調査 要対応 確認中
調査中 確認要 再確認 最終確認 確認事項 納得 約束 齟齬 認識 主張 言い分 認識違い 説明違い
聴取メモ 聞取 聞取メモ 聞き取りメモ メモ書 うろ覚え 曖昧 あいまい おぼろげ 正確 明確 確実 確証
自信 自信なし 推測 推定 憶測 印象 覚え 思い出 心当 申し出 申出 申し立て 申立 求 請求人 要請
要望 依頼者 依頼人 確認用 照会用 提出用 監査用 研修用 調査用 用途 申請 申請者 データ主体 主体
本件 当件 同件 案件 該当者 該当通話 対象通話 対象者 目的 事情 事情聴取 理由 都合 関係 関係者
件数 全件 至急対応 急ぎ お急ぎ 大至急 可及的速 念 念の為 次第 御中 各位 失礼 恐縮 不備 不明点
幸 助 手数 お手数 面倒 ご面倒 迷惑 誤り 間違 勘違 記憶違い 着電 受信 受電 発信 架電 発呼 着信
入電 客様TEL TEL ナンバー 番号通知 番号表示 通知 表示 期間中 期間 年度 後半 前半 上期 下期
前後 係 班 グループ 所属
"""
_EN: Final = """
nothing paper
supervisor manager leader clerk form web reply replies message lookup rec important sorted
sort system systems records recorded announcement diary diaries log logs typed scribbled
filled read forwarded branch attempt resubmitting resubmit bother priority rush hurry treat
caution greetings still already whenever gone keep kept looked nice laughed chat chatted hey
love loyal springs spring mum dad husband according email mail post-it word words coach
coaching regulatory data subject evidence shift bad line mostly mainly agenda someone's
yesterday's ignored whatever wherever pending approximate formal dig dug digging pull pulled
pulling retrieve retrieved retrieving retrieval locate located locating trace traced tracing
fetch fetched find found finding search searched searching listen listened replay replayed
obtain obtained obtaining furnish extract extracted produce audio footage file files
transcript transcripts tape tapes clip proof prove proves dispute disputed disputes disputing
promise promised promises agreed assured undertook misinformed misled swear swears swore sued
suing litigation lawsuit solicitor solicitors lawyer lawyers attorney legal court tribunal
ombudsman audit audits auditor auditors compliance regulator investigation investigate
investigating investigated verify verifying verified verification double-check escalated
escalate memory memories recollection recollections vague vagueness vaguely precise precisely
accurate accurately certain certainty confident confidence estimate knowledge best far top
head case copy mistaken mind idea clue clues details detail info information particulars
available rest further hope hoping helps help helpful helped helping apologies apology
apologise apologize sorry cheers ta appreciate appreciated appreciates glad possible possibly
luck kindly asap urgently immediately quickly quick general heated mean means meant took place
point half quarter duration extension extn ext agt desk team whoever handled handles routed
relations near stayed dialled dialed unlisted coming incoming outgoing inbound outbound
everything anything else million hundred percent boss colleague colleagues purposes purpose
training quality review reviewing sample discuss discussed discussing mentioned mention
talking-about raised describe described describing concern concerns complaining enquire
enquiring enquired inquire inquiring inquired wonder wondering allow allows permit please kind
kindness attention let bear serves great require requires required see otherwise formally open
assistance assist notes note noted wrote write written jot jotted reference references
follow-up following-up subject-access applicant's petitioner claimant recollect recollects
remembering remind reminds tip forget forgetting blank fuzzy hazy rough roughly guessing
guesswork ballpark circa seem seems seemed appear appears appeared apparently happen happened
happens occur occurred occurring supposed supposedly reckon reckoned suppose assume assumed
feel felt feeling
"""
CARRIERS: Final = frozenset((*_JA.split(), *_EN.split()))
# Verbs of saying, asking and remembering, and what makes another such one of them: 聞き直す.
_SAID: Final = "書 言 聞 話 思 見 調 探 確 知 伝 教 尋 問 答 覚 忘 急 争 揉 食 渡 残 比"
SAID_VERBS: Final = frozenset(_SAID.split())
_BESIDE: Final = "当 直 返 取 違 合 漏 損 比 起 出 切"
BESIDE_VERBS: Final = frozenset(_BESIDE.split())
# Of who asks somebody for something: "could you dig", "please trace" say nothing of the call.
BIDDEN: Final = re.compile(
    r"\b(?:(?:could|can|would|will)\s+(?:you|u|someone|somebody|anyone|we|i)|please|pls|plz|kindly"
    r"|i'd\s+(?:like|love|want)\s+(?:you\s+)?to|(?:i|we)\s+(?:would|will|can|could|may|might)"
    r"|(?:trying|need|needs|like|want|wish|wishes|hoping|looking|able|happy|try|requests?|asks?)\s+to"
    r"|let\s+(?:me|us)|i'm|i\s+am|we're|we\s+are|if\s+you)\s+"
    r"(?:(?:please|just|also|kindly|possibly|perhaps|not|be|have|help|me|us|to|able)\s+)*$",
    re.IGNORECASE,
)
# A phrase that asks to its end: 探してもらえますか, 出してほしい. What others want ends in more.
ASKS_JA: Final = re.compile(
    r"[てで](?:くださ(?:い|ると)|下さ(?:い|ると)|ほしい|欲しい|もら(?:え(?:ます|ない|る)|いたい)|いただ[きけ]"
    r"|頂[きけ])[ぁ-ゖ]*$|(?:願いま|願いた|お願い(?:し|いた|致|申))[ぁ-ゖしま]*$"
)
