"""What happened to a call, how long it was, its queue, extension and digits: said in many ways."""

import pytest

from archive.locate.clues import HappenedClue, LengthClue
from archive.locate.request.sentence import Request, TimeReading, read_sentence
from tests.support.archive.told_requests import KNOWN, told_request

TRANSFERRED = """
transferred | I was transferred | passed on to a colleague |
they passed the call to a colleague | handed over to another agent | there was a transfer |
got put through to somebody else | call was transferred | was passed to another department |
the call got passed along | switched to another agent | connected to a different department |
escalated to a supervisor | spoke to two people | spoke with more than one agent |
another agent took over | a second agent took over | moved to another department |
redirected to another team | warm transfer | call was forwarded to another agent |
got forwarded | shunted around | sent to another department | was given to a colleague |
changed agents halfway | first agent passed me to someone else | put on to a supervisor |
two agents involved | with a transfer | transfer: yes | call handed on |
handed me over to her colleague | someone else came on the line | a different person took over |
they transferred the call | agent changed during the call | relayed to a colleague |
call was passed over | 転送された | 電話を回された | 取り次ぎあり | 途中で別の者に代わった |
二人目の担当に引き継がれた | 転送あり | 転送有り | 別部署に転送 | 他部署に回された |
途中で担当者が替わった | 取り次いでもらった | 取次あり | 引き継ぎあり | 上司に代わった |
上席に代わった | 責任者に代わってもらった | 他の人に代わられた | 別のオペレーターに替わった |
電話を代わった | 別の部署につながれた | 担当交代あり | 担当者の交代があった | 担当変更あり |
途中交代あり | ほかの方に引き継がれました | エスカレーションされた | 二人と話した |
複数の担当者と話した | 担当が二人 | 途中から別の人 | 専門の部署に回してもらった | 回されました |
転送を受けた | 別の窓口に回された | 盥回し | 応対者が途中で変わった |
スーパーバイザーに代わった | 内線で転送 | the call got moved to a colleague |
I ended up with a second agent | I was moved on to another person |
passed me across to another team | two different agents dealt with it |
I was put onto someone else | was handed across to a colleague | spoke with a couple of agents |
switched me over to a different department | a change of agent midway |
agent handed over halfway | transferred midway | I got transferred twice | was transferred on |
call transferred internally | got bounced from one agent to another |
they put me through to a specialist | 別の者に引き継いだ | 担当が途中で入れ替わった |
電話が転送になった | 別担当へ転送 | 他の担当に引き継がれた | 途中で相手が変わった |
途中で別の方に代わられました | 転送が入った | 二人目に代わった | 対応者が変わった |
ほかの部署につないでもらった | 途中で担当者交代 | 転送歴あり | たらいまわし |
別のスタッフに代わった
"""
NOT_TRANSFERRED = """
only one agent | without a transfer | nobody transferred the call | did not get transferred |
stayed with the same person | not transferred | no transfer |
was never put through to anyone else | was never transferred | wasn't passed on | no handover |
was not handed over | never passed to anyone else | the same agent throughout | one agent only |
one person dealt with it throughout | spoke to just one person | no one else came on |
same person from start to finish | the same agent from beginning to end |
handled by one agent only | untransferred | didn't get passed around |
wasn't put through to anybody else | there was no transfer | never got transferred |
no second agent | just the one agent | no change of agent | not passed along |
nobody else took over | the call wasn't transferred | single agent | wasn't escalated |
transfer: no | 取り次ぎなし | 一人が最後まで対応 | ほかへ回されなかった | 担当者の交代なし |
転送なし | 転送されていない | 転送は無かった | 最後まで同じ人 | ずっと同じ担当者 |
担当は最初から最後まで同じ | 一人の方が最後まで対応 | 代わることはなかった |
途中で代わっていない | 他の人に代わらなかった | 取次なし | 引き継ぎなし | 取り次がれなかった |
転送せず | 転送はありませんでした | 交代はなかった | 担当は一人だけ | 一人だけと話した |
同じ人のまま | たらい回しにはされていない | 他部署には回されていない |
別の部署に回されることもなかった | 転送無し | 最後まで一人の担当 | 一名のみ対応 | 担当変更なし |
終始同じ担当 | 電話を回されたことはない | 転送されず | 担当者は替わらなかった |
別の者に代わらず | one agent the whole way through | no transfer took place |
the call stayed with one agent | never handed over | didn't change agents |
only spoke with one person | no one transferred me | wasn't moved to another agent |
dealt with by the same agent throughout | remained with the same agent |
the call was not passed on | I wasn't transferred anywhere | without any transfer |
no transferring | never got passed on | just one person on the line | spoke to a single agent |
転送はしていない | 引き継がれていない | 同じ担当者が最後まで | 担当交代なし |
途中で代わることはなかった | 他の担当に回されていない | 最初の人がそのまま最後まで対応 |
転送はなし | 取り次がれることもなく | たらい回しなし | 交代せず | ずっと一人の人と話した |
一人で最後まで対応してくれた | 別の人には代わっていません
"""
HELD = """
on hold | had to hold | was left on hold | put on hold at one point | music on hold was played |
was asked to hold | kept waiting | placed on hold | there was a hold | hold music played |
I had to wait on the line | made me hold | held for a while | sat on hold | left waiting |
with a hold | they put me on hold | listened to hold music | hold: yes | call was held |
they parked the call | asked to wait on the line | on-hold music | waiting music |
was told to hold the line | had me on hold | a spell on hold | made to wait |
the line was put on hold | 保留された | 保留メロディーを聞かされた | 保留でしばらく待った |
途中に保留 | いったん保留 | 保留あり | 保留有り | 保留音が流れた | 待たされた |
お待ちくださいと言われた | 待ち時間があった | 少々お待ちくださいと保留 | 電話口で待たされた |
一度保留にされた | 保留を挟んだ | 保留が入った | 保留になった | 保留にして |
待ってくれと言われた | 途中で待たされました | オルゴールを聞かされた | 保留の音楽 |
待機させられた | 電話口でお待たせした | お待たせした | 待たせた | 途中で一旦待った |
they kept me on hold | I was on hold for a bit | with time on hold | spent time on hold |
went on hold | hold time | I sat there listening to hold music | put the customer on hold |
was asked to wait on the line | had a wait on hold | there was hold music | I got put on hold |
there was some time on hold | was made to hold | 保留時間あり | 保留にされた |
待たされる場面があった | 保留音を聞いた | 保留にしていた | 途中で保留した | 一時保留 |
保留になりました | 長く待たされた | 保留ボタンを押された | 保留がありました | 一度待たされた |
しばらく待たされました
"""
NOT_HELD = """
was not on hold | didn't have to hold | no music on hold | not kept on hold |
at no time on hold | never on hold | no hold | never put on hold | without being put on hold |
there was no hold | not once on hold | wasn't kept waiting | did not have to wait on hold |
without a hold | no hold music | hold: no | no time on hold | I was never asked to hold |
no waiting on the line | not put on hold | without holding | wasn't held | never had to hold |
no on-hold music | was not left on hold | not asked to hold | 保留されなかった |
保留メロディーは無し | 保留は無かった | 途中の保留はなし | 保留無し | 保留なし |
保留にはなっていない | 保留音は流れなかった | 待たされなかった | 待たされることはなかった |
保留せず | 一度も保留にならず | 保留にされていない | 待ち時間なし | 保留されず |
保留はありませんでした | 待たされていない | 保留は一切なし | 保留音なし | 保留を挟まず |
待たされず | 保留無く | 保留の時間はなかった | no one put me on hold | zero hold time |
no hold time | didn't put me on hold | hadn't been put on hold | was never kept on hold |
no time spent on hold | didn't get put on hold | without any hold |
I never had to wait on hold | they did not put me on hold | there was no hold music |
no being on hold | not placed on hold | 待たされてはいない | 保留時間なし |
保留音は聞いていない | 保留はされていません | 保留されることはなかった | 保留はしていない |
途中で待たされなかった | 一度も待たされていない | 保留にはならなかった
"""
CALLED_BACK = """
call-back | a return call | this was the callback | the one where the call was returned |
the promised call back | callback | called back | rang back | phoned back |
they returned my call | returned call | we returned the call | call back | called me back |
it was a callback | was called back | got a call back | a follow-up call back |
gave me a call back | got back to me by phone | ringing me back | rang me back |
phoned us back | return phone call | returning a missed call | requested callback |
we called her back | 折り返し電話 | かけ直しの電話 | コールバック分 | 折返しの電話だった |
折り返しのコール | 折り返し | 折返し | 折返しあり | 折り返しの連絡 | 折り返しかかってきた |
かけ直してもらった | 折り返しの着信 | 折返電話 | 折返連絡 | 後からかけ直してきた | 掛け直し |
再架電 | コールバック | おりかえし | オリカエシ | 折り返しで受けた | 折り返し架電 | 折返し架電 |
折り返しの入電 | 電話を折り返した | 折り返してもらった | 折り返しでした | かけなおし |
電話し直した | they rang me back | a returned call | it was the return call |
this was them calling back | a call-back call | was a callback | they were calling me back |
the callback I asked for | it was a call back | calling back | we phoned the customer back |
折り返しの分 | 折り返しでかかってきた | かけ直された電話 | 後で掛け直してもらった |
折り返しの通話 | 折り返してきた電話 | コールバックの電話 | 折返しの件 | 折り返しもらった |
折り返しによる通話 | 再度かけ直し
"""
NOT_CALLED_BACK = """
not the callback | wasn't the return call | this was no call-back | not a return call |
it wasn't a callback | no callback | never called back | nobody called back |
they didn't call me back | did not call back | not called back | no return call |
never returned my call | without a call back | we didn't ring back | there was no callback |
no one rang back | it was not a call back | not a callback | the call was never returned |
callback: no | isn't the callback | not the returned call | wasn't called back |
never got a call back | nobody rang me back | 折り返し電話ではない | かけ直しの電話ではない |
コールバックじゃない | 折返しではなかった | 折り返しとは別 | 折り返しなし | 折返し無し |
折り返しはなかった | 折り返しの電話ではありません | 折り返しは来なかった |
かけ直してもらっていない | コールバックではない | 折り返しされていない | 折り返しではないです |
コールバックなし | 折り返しの電話は来ていない | 折り返しではなく | 折り返しじゃありません |
折返電話なし | 折り返しはもらっていない | 折り返しを受けていない | 掛け直しではない |
かけ直しではない | 折返しとは違う | it was no callback | this wasn't a call back |
this is not the callback | not a call-back | wasn't calling back | nobody phoned me back |
I was never called back | no one called me back | no call back was made | we did not call back |
it's not the return call | 折り返しの電話じゃない | 折り返しではありません |
折り返しはもらえなかった | コールバックではありません | かけ直しじゃない |
折り返しの通話ではない | 折り返しもなし | 折返電話ではない | 折り返してもらえなかった |
折返しにあらず | 折り返しはされていない
"""
# What is called alike, and is none of it.
NOTHING_HAPPENED = """
a bank transfer fee | transfer of ownership | money transfer | the shop held a sale |
card held up | transfer my number to another carrier | put the order through | hold my order |
a hold on my account | passed the exam | waiting for a parcel | waiting list | cash back |
money back | send it back | get back to you | the package was forwarded |
connected to the internet | put the payment through | spoke to Tanaka | one agent from billing |
wait times in store | I was told | held responsible | household | threshold | return the goods |
returned parcel | a return | forwarding address | 名義変更 | 担当 | 住所変更 | 口座の変更 |
商品の交換 | 転送届 | 郵便の転送 | 保留中の注文 | 注文の保留 | 待ち合わせ | 引き継ぎ資料 |
機種変更 | 担当は田中 | 電話をください | 回線 | 回答 | 折り込みチラシ | 担当変更の希望 |
料金プランの変更 | 代わりの商品 | 配送待ち | 一人で話した | お待ちしております
"""
TEN_MINUTES = """
10分くらい | 約10分 | 10分ほど | 10分前後 | 10分程度 | だいたい10分 | 10分間 |
10分ぐらいの通話 | 通話時間10分 | 長さは10分前後 | 所要10分 | 通話時間は十分くらい | 10分弱 |
10分強 | 10分そこそこ | 10分位 | おおよそ10分 | 10分ちょっと | 10分足らず | ざっと10分 |
10分ほど話した | 10分も話した | 体感10分 | 10分近く | 10分余り | 時間にして10分 |
およそ10分間の会話 | 10分電話していた | 10分かかった | 10分で終わった | 10分間話していた |
10分内外 | 10分見当 | 大体10分ほど | ほぼ10分 | １０分前後 | ten minutes | about ten minutes |
10 min | 10 mins | 10-minute call | approx. 10 min | roughly 10 minutes | 10 minutes or so |
10 minutes, give or take | took about 10 minutes | lasted ten minutes |
duration about ten minutes | duration: 10 min | talk time 10 min | length 10 min |
it was a ten minute call | ten minutes on the phone | we spoke for ten minutes |
some ten minutes | 10min | 10m call | circa 10 minutes | around the ten minute mark |
nearly ten minutes | close to ten minutes | a ten-minute conversation |
call length about ten minutes | on the line for ten minutes | ten minutes long |
10 minutes in length | 600 seconds | call time 10 minutes | c. 10 min | ~10 min |
10 mins approx | ten minutes in total | about 10 minutes all told | 10 minutes' duration |
roughly a ten-minute conversation | talked 10 min | spoke about ten min |
call was around 10 minutes | it went on for ten minutes | approx 10m |
we were on the phone ten minutes | about 10 mins of talking | length: about 10 min |
call of about ten minutes | call of 10 min | time: 10 minutes | 通話は10分ほど |
時間は10分くらい | 10分ほどの会話 | 10分間ほど通話 | 会話は約10分 | 通話10分前後 |
10分ほどやりとりした | 10分ぐらい喋った | トータル10分 | 合計10分ほど | 全部で10分くらい |
10分とちょっと | 10分いかないくらい | だいたい10分前後の通話 | 長さにして10分 |
10分の電話だった | 電話は10分ほどで終わった | 10分やそこら | 小一時間じゃなく10分
"""
SHORT = """
短い | 短い通話 | 短い電話 | ごく短い感じの通話 | 短い感じ | 短かった | 短め | 短時間 |
手短な電話 | すぐ終わった | あっという間 | すぐに切れた | 短い会話 | わりと短い電話 |
短めの通話 | 短いやりとり | ほんの少しだけ話した | 一言二言 | ごく短時間 | 通話は短い |
短く終わった | すぐ終わる電話 | 短い用件 | short | short call | a short one |
the conversation was short | fairly short call | brief | a brief call | quick call |
very short | it was quick | a quick chat | didn't take long | over quickly | over in no time |
a short conversation | rather brief | call was brief | briefly spoke | spoke briefly |
it was a short call | kept it short | just a quick word | short duration | brief exchange |
pretty quick | short and sweet | a fairly brief conversation | length: short | quick one |
a shortish call | ended quickly | was over fast | rather a short call | a really short one |
was a short one | quite short | call length short | brief one | just a short call | 短めでした |
短い通話でした | 短めのやりとり | 通話時間が短い | 通話時間は短め | 短いものだった |
短い方の電話 | すぐに終わった電話 | 短い電話だったと思う | 比較的短い通話
"""
LONG = """
長い | 長い通話 | 長電話 | 長かった | けっこう長い通話 | 長めの電話 | 長時間 | 長い感じ |
かなり長い電話 | ずいぶん長く話した | 長々と話した | 延々と | 長引いた | 長い会話だった | 長話 |
だいぶ長い通話 | 長めだった | なかなか終わらなかった | 通話は長い | 長丁場 | 長いやりとり |
わりと長い | long | long call | a long one | the conversation was long | fairly long call |
lengthy | a lengthy call | went on for ages | took ages | very long | it took a long time |
dragged on | a long conversation | rather long | call was long | spoke at length |
long duration | talked for ages | went on and on | long-winded call | it was a long call |
drawn-out call | quite a long call | a long chat | extended call | pretty long | lasted ages |
length: long | a really lengthy one | a longish call | it was long | was a long one |
a very long one | went on forever | quite long | rather a long call | call length long |
went on a long time | 長めでした | 長い通話でした | 長めのやりとり | 通話時間が長い |
通話時間は長め | 長いものだった | 比較的長い通話 | 長電話だったと思う | 長い方の電話 |
延々続いた電話 | 長々とした電話
"""
EXTENSION_2005 = """
ext 2005 | ext. 2005 | extension 2005 | extn 2005 | extn. 2005 | extension no. 2005 |
extension number 2005 | ext no 2005 | ext: 2005 | ext #2005 | x2005 | x 2005 |
desk phone 2005 (extension) | whoever was at ext. 2005 | on extension 2005 | 2005 (ext) |
internal number 2005 | internal 2005 | internal no. 2005 | ext2005 | extension: 2005 |
at extension 2005 | extension was 2005 | the extension 2005 | sat at 2005 (extension) |
phone extension 2005 | extension nr 2005 | ext=2005 | 内線2005 | 内線#2005 |
内線番号は2005だった | 内線：2005 | EXT 2005 | 内線の2005 | 内線番号2005 | 内線は2005 |
内線No.2005 | 内線 2005番 | 2005番の内線 | 内線が2005 | 内線電話2005 | 2005（内線） |
内線2005の席 | 内線で2005 | 内線２００５ | 内線番号：2005 | 内線=2005 | 内線の番号は2005 |
社内番号2005 | 内線二〇〇五 | 内線2005番の方 | 内線番号が2005の人 | 内線2005に出た人 |
EXT.2005 | Ext：2005 | exten 2005 | ext is 2005 | ext:2005 | at ext 2005 | extension 2-0-0-5 |
his extension 2005 | her ext. was 2005 | agent's extension 2005 | line ext 2005 |
phone ext. 2005 | EXT2005 | exten. 2005 | 内線：２００５番 | 内線番号 2005 | 担当の内線は2005 |
内線2005の方 | 内線 2005 | 内線番号が2005 | 内線の番号が2005 | ext：2005 | 2005番内線 |
内線2005番です | 内線（2005） | 内線「2005」 | 内線2005番の電話
"""
WITHHELD = """
number withheld | withheld | withheld number | anonymous caller | number not shown |
hidden number | unlisted caller ID, withheld | blocked number | private number |
caller ID withheld | no caller ID | no number shown | number was hidden | number suppressed |
caller ID blocked | no CLI | CLI withheld | anonymous | number hidden | no number displayed |
didn't show a number | did not show the number | number didn't come up | without caller ID |
ID blocked | private caller | number not displayed | not displaying a number |
the number did not show | with the number blocked | withheld ID | concealed number |
number undisclosed | undisclosed number | caller's number not sent | number not transmitted |
without showing the number | number was not given out | caller withheld the number |
restricted number | number restricted | I withhold my number | my number doesn't show |
with no number showing | caller ID off | caller ID was switched off |
caller unknown, number hidden | 非通知 | 番号非通知 | 番号通知なし | 非通知設定の電話 |
ナンバー非通知 | 番号表示なし | 非通知のまま | 非通知でかけた | 発信者番号非通知 |
番号を隠して | 184を付けて | 184付き | 番号が出ない設定 | 番号非表示 | 番号は非表示 |
ナンバーディスプレイに表示されない | 番号が表示されなかった | 番号の通知なし | 発信者番号なし |
番号通知せず | 番号を通知していない | 匿名 | 匿名通話 | 番号が出なかった | 番号は出ていない |
番号を出さずに | 発番号なし | 発番非通知 | 電話番号は非通知 | 番号の表示はなかった |
表示は非通知 | ナンバーは非通知 | 番号不表示 | 番号未通知 | 番号が通知されない |
番号は通知されていなかった | ヒツウチ | 相手番号なし | number not available to us, withheld |
with number withheld | called with a hidden number | from a withheld number |
from a blocked number | the number was withheld | CLI suppressed | caller id hidden |
number unlisted | number blocked | number not given | display said private |
showed up as private | came up as anonymous | came up private | number wasn't shown |
number wasn't displayed | number kept hidden | hiding the number | with hidden caller ID |
number masked | 非通知からの電話 | 番号は通知されず | 番号は表示されていない | 番号表示されず |
非通知の電話 | 非通知で | 番号を非通知にして | 番号非通知で | 非通知設定で | 表示が非通知 |
番号なしの電話 | 発番なし | 番号の表示なし | ナンバー表示なし | ナンバー通知なし |
番号を伏せて | 番号を伏せた電話 | 番号を隠した電話 | 番号通知をしていない | 番号通知がない |
番号通知オフ | 番号が非通知 | 電話番号が表示されず | 184をつけて
"""
BEGINS_090 = """
starts with 090 | begins with 090 | starting 090 | beginning with 090 | a 090 number |
090 number | phone begins 090 | 090... number | number with 090 in front |
it's a number starting in 090 | first digits 090 | prefix 090 | first three digits 090 |
number that starts with 090 | opens with 090 | the number started 090 | leading digits 090 |
090 something | 090 at the start | area code 090 | dialling code 090 | starts 090 | 090- |
090 prefix | first three are 090 | begins in 090 | number starts: 090 | at the front 090 |
first 3 digits are 090 | 090 to begin with | 090 and then I don't remember | code 090 |
090xxxxxxxx | 090 at the beginning of the number | 090で始まる | 090から始まる番号 | 090の番号 |
最初が090の番号 | 090始まりの電話 | 番号は090から | 電話番号の最初は090 | 頭が090の電話番号 |
頭090 | 上3桁090 | 最初の3桁は090 | 090〜 | 090で始まっていた | 090はじまり | はじめが090 |
先頭が090 | 先頭は090 | 090からの番号 | 市外局番は090 | 頭の数字は090 | 番号の頭は090 |
出だしが090 | 局番090 | 冒頭090 | 090携帯 | 090の携帯 | 090ではじまる | 090スタート |
最初の数字が090 | 090なんとか | はじまりが090 | 090で始まるやつ | 上三桁が090 |
電話番号は090から始まる | 090から | number commencing 090 | commences with 090 |
090 at the front of the number | first few digits 090 | number's first digits: 090 |
initial digits 090 | initially 090 | front digits 090 | front is 090 | 090-something |
090… number | 090*** | the 090 one | the number was an 090 | first three: 090 | first 3: 090 |
it began 090 | 090 (first digits) | starts w/ 090 | 先頭3桁が090 | 先頭三桁090 | 頭3桁は090 |
番号が090から始まる | 番号は090で始まる | 番号090～ | 最初は090 | 始まりは090 |
090で始まる携帯 | 090の番号から | 出だし090 | 上3ケタ090 | 上三桁は090 | はじめの3桁は090 |
090系 | 最初の三桁が090 | 090～の番号 | 番号冒頭が090 | 090…の電話 | 頭090の番号
"""
ENDS_7788 = """
last four 7788 | ends in 7788 | ends 7788 | ending 7788 | ending in 7788 | last 4 digits 7788 |
last four digits are 7788 | number ending with 7788 | number finishes with 7788 |
the end of my number is 7788 | last 4 of phone 7788 | final four digits of the number: 7788 |
phone number ending with 7788 | final digits 7788 | last digits: 7788 | tail 7788 |
closing digits 7788 | the last bit is 7788 | it ends on 7788 | ...7788 | xxxx7788 |
ends with 7788 | finishing 7788 | finishing in 7788 | last four: 7788 | last 4: 7788 |
terminating in 7788 | with 7788 at the end | 7788 at the end | number that ends in 7788 |
suffix 7788 | 7788 on the end | last part 7788 | the number ended 7788 | last four being 7788 |
7788 are the last four | 7788 are the last digits | the last four digits of my phone are 7788 |
-7788 | l4d 7788 | 7788 as the last four | 下4桁7788 | 末尾7788 | 下4桁は7788 | 末尾が7788 |
番号の最後が7788 | 電話番号の終わり4桁7788 | 終わりが7788の電話番号 | 下4ケタ 7788 |
下四桁7788 | 7788で終わる | 最後の4桁7788 | 後ろ4桁7788 | 下４けた７７８８ | 末尾四桁が7788 |
最後が7788 | 番号末尾：7788 | 末4桁7788 | 最終4桁7788 | お尻が7788 | 尻4桁7788 | うしろが7788 |
終わり7788 | 下4桁=7788 | 7788で終わっていた | 下の4桁が7788 | 下の番号7788 | 末尾の数字は7788 |
最後の数字が7788 | 最後の四つが7788 | 電話の末尾7788 | 7788が末尾 | 7788が下4桁 | ****7788 |
番号の末尾が7788 | 締めが7788 | ラスト7788 | 下桁7788 | 末番7788 | 下4桁で7788 |
しもよんけた7788 | 下4つ7788 | last digits being 7788 | the last digits were 7788 |
number's last four: 7788 | number ended in 7788 | ends in the digits 7788 |
ends with the digits 7788 | final four 7788 | the final 4 are 7788 | finishes 7788 |
finishing with 7788 | ends: 7788 | the last 4 of the number 7788 | ***7788 | * 7788 |
number …7788 | the number has 7788 at the end | digits at the end: 7788 |
ends double seven double eight | ends seven seven eight eight | last four of their number 7788 |
last four of my mobile 7788 | the last four numbers are 7788 | ending digits 7788 |
end digits 7788 | end of number 7788 | with the ending 7788 | ending: 7788 | last-4 7788 |
下四ケタ7788 | 下4桁が「7788」 | 下4桁（7788） | 下4桁：7788 | 末尾4桁：7788 | 末尾：7788 |
末尾の4桁は7788 | 番号下4桁7788 | 番号の下4桁は7788 | 電話の下四桁7788 | 電話番号下4桁 7788 |
終わりの4桁7788 | 終わりの番号7788 | 最後の番号7788 | 最後4桁が7788 | 最後は7788 |
後ろの4桁7788 | 後ろ四桁は7788 | 末尾が「7788」 | 7788で終わる番号 | 7788で終わる電話 |
末尾7788番 | 末尾7788の番号 | 下4桁7788の番号 | おしり4桁7788 | …7788 | ～7788 |
番号は7788で終わる | 番号：末尾7788 | 末尾 7788 | 下4けたは7788 | ケツが7788 | 終番7788
"""
QUEUE_BILLING = """
billing queue | the billing queue | queue: billing | queue billing | went to billing |
routed to billing | through to billing | billing line | on the billing line |
put in the billing queue | came through billing | via billing | in billing |
billing department | billing desk | it was billing | spoke with billing | dept billing |
dept.: billing | department: billing | billing section | reached billing | answered by billing |
skill group billing | option: billing | picked billing in the menu | selected billing |
landed in billing | connected to billing | sent to billing | assigned to billing |
queued for billing | taken in billing | the one for billing | service line billing |
hotline: billing | billing hotline | landed at billing | ended up in billing | got billing |
ran through the billing queue | distribution group billing | ACD queue billing |
handled on billing | billing部門 | キューはbilling | billingに入った電話 | billingの係 |
部署はbilling | billing窓口 | 窓口はbilling | billing宛 | billingにつながった | billingあて |
billing担当 | billingの窓口 | billing課 | billing部 | billing係 | billingのキュー |
billing回線 | 着信キューbilling | 振り分け先はbilling | 入ったのはbilling | billingに着信 |
billingへの電話 | billing行き | billing部署 | 担当部署：billing | 部門：billing |
窓口名 billing | billingに回った | billing側 | 待ち行列はbilling | billingグループ着信 |
問い合わせ先はbilling | billingラインに | billingに電話 | billingの部署 |
the queue was billing | it was the billing queue | queue name: billing | call queue billing |
sat in the billing queue | waited in billing | came in via the billing queue |
routed via billing | got routed to billing | transferred into billing | directed to billing |
delivered to billing | went into billing | went through billing | reached the billing queue |
arrived at billing | placed in billing | on billing | by billing | with billing |
picked up in billing | the billing team's queue | line: billing | group: billing |
キュー：billing | キュー名billing | キュー billing | billingキュー | 窓口：billing |
窓口 billing | 部門はbilling | 係はbilling | 担当部門はbilling | billing部門に | billingの部門 |
billingの受付 | billingの回線 | billingに振り分け | billingに振り分けられた | billingに流れた |
billingに来た電話 | billingへ入った電話 | billingへ着信 | billing窓口に | billingの電話窓口 |
billingデスク | billingセンター | billingの方 | 配属先billing | 呼び先はbilling |
入電先はbilling | 入電窓口billing
"""
NO_LENGTH = """
1700 hrs | at 0930 hrs | 1030 hours | 19 hrs on Tuesday | 10分前に切れた | long ago |
long time customer | short of money | 短期解約 | 長期契約 | 長男 | 長野 | in short |
as long as | no longer works | within 24 hours | 24 hours a day | back in 5 minutes |
5 minute walk | 長さ | a long wait | short delivery | 30分刻み | 2時間以内に届く | longer |
長谷川 | short name | 会員期間は長い | 24時間対応 | 3年契約 | 2 hours late | 1時間指定
"""
# Digits with only a space to others, which are of a day, a time or another thing.
APART = [
    ("下4桁 0437 10.14", "number last 0437"),
    ("電話番号の終わり4桁9814 10.14（水）", "number last 9814"),
    ("電話番号の最初は070 10.14", "number first 8170"),
    ("番号は03から、10.31（土）", "number first 813"),
    ("末尾は4455 14:30", "number last 4455"),
    ("ends in 0437 10.14", "number last 0437"),
    ("last four digits 4455 14:30", "number last 4455"),
    ("ends 42 15 October", "number last 42"),
    ("last 4 7 7 8 8", "number last 7788"),
    ("ends in 77 88", "number last 7788"),
    ("starts 090 1430 hrs", "number first 8190"),
    ("内線2001 2335で終わる番号", "extension 2001"),
    ("内線2001 10.14", "extension 2001"),
    ("ext. 2001 4455", "extension 2001"),
]


def ways(table: str) -> list[str]:
    return [each.strip() for each in table.replace("\n", " ").split(" | ")]


def read(text: str) -> Request:
    return read_sentence(text, read_time=lambda _: TimeReading(), country="JP", known=KNOWN)


def happened(text: str) -> list[str]:
    clues = [each for each in read(text).clues if isinstance(each.value, HappenedClue)]
    return told_request(Request(tuple(clues)), text)


HAPPENED = [
    (text, what)
    for table, what in (
        (TRANSFERRED, "transferred"),
        (NOT_TRANSFERRED, "not transferred"),
        (HELD, "held"),
        (NOT_HELD, "not held"),
        (CALLED_BACK, "called_back"),
        (NOT_CALLED_BACK, "not called_back"),
    )
    for text in ways(table)
]
TOLD = [
    (text, told)
    for table, told in (
        (TEN_MINUTES, "length 600"),
        (SHORT, "length <120"),
        (LONG, "length >900"),
        (EXTENSION_2005, "extension 2005"),
        (WITHHELD, "number withheld caller"),
        (BEGINS_090, "number first 8190"),
        (ENDS_7788, "number last 7788"),
    )
    for text in ways(table)
]


@pytest.mark.parametrize(("text", "what"), HAPPENED)
def test_what_happened_is_read_and_that_it_did_not(text: str, what: str) -> None:
    """Of denied things too, wherever the "not" stands."""
    assert happened(text) == [what]


@pytest.mark.parametrize("text", ways(NOTHING_HAPPENED))
def test_what_is_called_alike_happened_to_no_call(text: str) -> None:
    assert happened(text) == []


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_one_thing_is_read_however_it_is_said(text: str, told: str) -> None:
    """And nothing is left of the words that say it, to be taken for a topic."""
    assert told_request(read(text), text) == [told]


@pytest.mark.parametrize("text", ways(QUEUE_BILLING))
def test_a_queue_of_the_site_is_read_however_it_is_said(text: str) -> None:
    """As a guess where it stands alone, for it may be what the call was about."""
    assert {"queue billing", "queue? billing"} & set(told_request(read(text), text))


@pytest.mark.parametrize("text", ways(NO_LENGTH))
def test_other_times_are_no_length_of_a_call(text: str) -> None:
    """1700 hrs is a time of day; nobody talks for a day."""
    assert not [each for each in read(text).clues if isinstance(each.value, LengthClue)]


@pytest.mark.parametrize(("text", "told"), APART)
def test_digits_behind_a_space_are_of_another_thing(text: str, told: str) -> None:
    """But for those that are said one by one or by twos."""
    assert told in told_request(read(text), text)
