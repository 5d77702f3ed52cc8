"""Words that say nothing of what a call was about, in Japanese and English.

A table. Knows nothing of how they are put together.
"""

from typing import Final

_JA: Final = """
用件 要件 件名 主訴 件 方 人 者 様 氏 私 客 声 話 今 時 頃 前 後 分 中 上 下 回 度 本 通 日 月 年
週 曜 何 誰 別 他 同 次 先 元 用 的 際 旨 お客様 お客さま お客さん お客 顧客 本人 ご本人 当方 先方
相手 相手方 向 弊社 当社 御社 会社 家族 担当 担当者 客様 客様番号 担当者名 オペレーター オペレータ
スタッフ 社員 電話 お電話 通話 会話 対話 携帯 携帯電話 固定電話 固定 番号 電話番号 お客様番号
代表番号 代表 代表電話 名前 お名前 氏名 最初 最後 途中 以前 以降 内容 対応 記憶 不明 以外 場合
時間 今日 昨日 本日 別人 別件 録音 録音開示 開示 開示請求 請求者 依頼 ご依頼 届け出 届出 相談
ご相談 問い合わせ 問合せ お問い合わせ 質問 連絡 ご連絡 希望 ご希望 お願い 願い 必要 可能 予定 様子
感じ 雰囲気 一本 一回 一度 二回 二度 何度 何回 多分 確か 曜日 日付 日時 時刻 日頃 平日 午前 午後
朝 昼 夕方 夕 夜 深夜 窓口 受付 部署 手元 情報 上記 下記 以上 以下 特定 検索 調査 お世話 宜 宜しく
至急 未満 程度 全部 一部 自分 家 側 内線 通り 番 号 確認 確認願 願 本人申告 申告 該当 タグ キュー
時間帯 時期 間 付 週目 時前後 時頃 内 うち 両方 どこか どちらか いずれか 連絡先 折返 当時 現在
貴社 保有 対象 対象期間 平素 主人 ご主人 夫 妻 母 父 息子 娘 家内 旦那 兄 姉 弟 妹 祖母 祖父 両親
子供 知人 友人 客様相談室 相談室 失念 部 株式会社 有限会社 約 契約日 翌日 翌々日 前日 当日 日後 日前
設定 宛 非通知設定 桁 末尾 下桁 キー メモ 記録 通話記録 コール センター コールセンター 電話口 話中
通話中 所要時間 所要 前回 今回 応対者 再度 再 事 物 所 点 旧姓 結婚 ご結婚 離婚 苗字 名字 姓
"""
_EN: Final = """
pls disclosure req hear hearing listen stop wanted halfway tel fax tag tagged queue beginning
pretty never lasted last took a an the and or but nor so yet if of on in at by to from for with
without about abt around into onto over under after before since until till up down out off as is
are was were be been being am do does did done doing have has had having will would can could
shall should may might must not no yes nope ok okay it its it's this that these those there here
then than now just only also too very really quite rather some any all both each every few more
most other others another such same own s t i i'm i've me my mine myself we we're us our ours you
your yours he he's him his she she's her hers they they're them their theirs who whom whose which
what when where why how said say says saying tell tells told think thinks thought believe believes
guess know knows knew sure unsure maybe perhaps probably possibly definitely
certainly surely like well um uh please thanks
thank hello hi regards need needs needed want wants looking look find trying try asked ask asks
asking called call calls calling caller callers rang ring rung phone phoned phones telephone spoke
speak speaks speaking spoken talked talk talks talking answered answer answers conversation
recording record recordings customer customers cust client clients member person persons people
someone somebody something anyone anybody nobody one ones guy agent agents operator operators rep
reps advisor adviser representative staff number numbers nr digit digits first ends end ended
ending begins begin time times day days date dates week weeks month months year years hour hours
minute minutes min mins second seconds pm o'clock morning afternoon evening night today yesterday
tomorrow sometime sometimes somewhere somehow back again once twice long short ages line main put
through passed went got get gets getting gave give given made make makes take taken came come
comes go goes going name names named first-name surname mr mrs ms dr maybe-not remember remembers
remembered recall recalls forgot forgets forget exactly else different diff somebody's right left
hold held waiting wait waited transferred transfer report reported reporting reports regarding re
concerning ref because due btw bit lot lots couple kind sort way thing things stuff matter issue
query question queries questions late early mid mobile cell cellphone landline home work office
company your-company requester applicant until-then also-said not-sure unknown withheld private
married maiden newly old new-name following either thereabouts whether been else shift clock rota
send sent provide supply forward mob check checked missed voicemail disclose hi cx wk wks
mother father wife husband son daughter
parents partner san sama desu much access request requests requested requesting
subject topic stop urgent dear sir madam regards sincerely faithfully grateful helpline hotline
during while within between among per via ish approx
approximately roughly btwn yrs hrs mobile-number her-number wed sat sun mon tue thu fri
"""
# As a verb or an adjective, with kana behind it.
_VERBS: Final = """
思 言 聞 覚 出 話 来 行 見 待 受 知 分 忘 持 置 切 替 代 変 掛 架 着 流 始 終 続 経 過 良 悪 多 少
早 長 短 高 低 欲 探 調 述 仰 名乗 喋 答 応 頼 願 呼 会 済 違 合 似 若 優 怒 困 求 伝 問 取 電話
繋 貰 頂 致 申 存 居 有 無 下 上 成 為 付 当 向 回 明
"""
# Of whoever spoke, of weather and of clocks elsewhere: no column has it, so it is not used, and
# shown as that.
_VOICES: Final = """
女性 男性 女 男 若 年配 中年 丁寧 親切 早口 関西弁 訛 高圧的 無愛想 新人 lady woman man gentleman
girl male female young old older elderly polite rude accent friendly voice
rainy sunny snowy stormy jst gmt utc bst est edt pst pdt cet cest 日本時間 現地時間
"""
VOICES: Final = frozenset(_VOICES.split())
EMPTY_JA: Final = frozenset(_JA.split())
EMPTY_EN: Final = frozenset(_EN.split())
EMPTY_VERBS: Final = frozenset(_VERBS.split())
