"""Who called, as callers, clerks and lawyers say it: each in forty ways, and what is none of it."""

import pytest

from archive.locate.clues import DirectionClue
from archive.locate.request.directions import Direction
from archive.locate.request.sentence import TimeReading, read_sentence
from tests.support.archive.told_requests import KNOWN

INBOUND = """
I rang | I rang you | I was the one who called | it was me calling | I made the call |
I placed the call | I phoned your office | I dialled in | my call to you | when I called |
I initiated the call | I gave you a ring | I gave you a call | call made by me | from my end |
it was me who rang you | we rang you | I was the one calling | I did the calling |
customer called in | they rang us | the customer rang | they phoned in | call coming in |
incoming | inbound | the call came in | call was inbound | call came in to us | received call |
we received the call | we took the call | they called us | it was them who rang |
they made the call | customer-initiated | call from customer | caller dialled in |
customer dialled us | they were the ones calling | we were called | we were rung | rang in |
he gave us a ring | it was the customer who called | the customer made the call |
the customer was the one who rang | from their end | call initiated by the customer |
she phoned us | the client placed the call | they'd rung us | the caller rang us | inward call |
answered an incoming call | direction: inbound | the customer had phoned | he has called us |
they did the dialling | customer calling us | cust rang in | they contacted us by phone |
a call to us | the customer telephoned us | it was they who called | 私からかけた | 私がかけた |
自分からかけた | かけたのは私 | かけたのは私の方です | 電話したのは私です | 私からの電話 |
私が電話した | 私の方から電話しました | 自分で電話した | 私から掛けた電話 | お客様からの電話 |
お客様より入電 | 先方から着信 | 受電 | 受信 | 着電 | 入電 | かかってきた電話 | 掛かってきた |
向こうから | 向こうからかけてきた | 向こうから掛けてきた | 相手発信 | 顧客発信 | 客先からの電話 |
お客様発信 | 外線着信 | 受けた電話 | 電話を受けた | 着信側 | こちらは受けた側 | 受電分 |
インバウンド | かけたのはお客様 | お客様がかけた | お客様の方からかけて来られた | ご入電 |
相手からかかってきた | 先方がかけてきた | かけてきたのは先方 | 電話してきたのはお客様の方 |
お客様側から | 受信した通話 | 受信通話 | 受け電話 | 電話がかかって来た | 電話が入った |
お客様から架電 | こちらが受けた電話 | こちらにかかってきた | うちにかかってきた電話 |
弊社にかかってきた | 弊社への入電 | 弊社宛の電話 | お客様がお掛けになった | お客さんがかけて来た |
自分の方からかけました | 私の側から | 顧客側からの発信 | 先方発信 | 先方からの架電 |
かけたのは先方です | 電話をかけたのは私です | 発信者はお客様 | 発信元はお客様 |
お客様からお電話を頂戴した | 着信の通話 | お客様起点 | 私がそちらに電話した |
こちらからそちらに電話した | 御社に電話した | そちらに電話をかけた | 御社へかけました |
it was an inbound | the customer had rung in | our customer phoned |
call originated with the customer | they were calling us | I was phoning you |
I'd called your helpline | I had to ring you | I tried calling you | my wife phoned you |
my husband rang | the member called our line | customer reached us by phone |
they got in touch with us by phone | she'd called in | he was the caller | I was the caller |
caller was the customer | the customer was calling | I started the call |
the call was started by me | they called our number | she dialled our number |
he rang our hotline | the customer called our hotline | in-bound | incoming from customer |
received inbound | I phoned up | I rang up | I called up | I called your company |
I contacted customer service by phone | they contacted us | client rang | it was placed by me |
the call was placed by the customer | caller was me | お客さまからのお電話 |
お客様のほうからお電話 | お客様から頂いた電話 | 先方からいただいた電話 | 着信呼 | 客からの電話 |
客から | 顧客からの受電 | お客様から着信 | ユーザーからの電話 | 会員様からのお電話 |
私がお電話しました | 私が架電しました | 自分が電話しました | わたしからかけた |
当方から御社に架電 | 私からお電話差し上げた | 私からお電話した | 電話をしたのは私 |
発信したのは私 | 発信者は私 | かけた側は私 | かけたのは自分です | かけたのはこちらではなくお客様 |
私のほうからお電話した件 | 電話を入れたのは私 | 母がかけた電話 | 妻が電話しました |
こちらがお受けした電話 | 弊社が受けた電話 | 当社着信 | センター着信 | 着信分 | 入電分 |
お客様入電 | 受電した通話 | お客様がおかけになった電話 | お客様からかけてこられた |
お客様側からのお電話 | お客様側発信 | 発信元：お客様 | 架電元はお客様 | 架電者はお客様 |
通話の発信者は顧客 | 向こうがかけてきた | あちらからの電話 | 先方からTEL | お客様よりTEL |
TELあり（先方から） | 問い合わせの電話が入った | 電話を頂戴した | 電話を頂きました |
a customer named Smith rang us | the caller dialled your number | she was the one that dialled |
he dialled in himself | it was an inward call | it was he who telephoned |
contact was made by the customer | phoned in by the customer | they placed the call to us |
the caller got through to us | I got through to you | call we received |
a call we took from the customer | we answered their call | we picked up their call |
their call to us | her call to us | the customer's call to us | I dialled you |
I phoned customer services | I phoned your support line | I was ringing in |
I spoke to you when I rang | a call I made to you | the call I made | a call I placed |
the one I made to you | where I rang you | received by us | answered by us | call taken by us |
customer phoned through | type: incoming | call type inbound | call direction inbound |
dir: inbound | お客様の発信 | お客様発の電話 | 客先発信 | 利用者からの入電 | 顧客より着信 |
お客様側が発信 | 先方起点の電話 | 相手側からの着信 | お問い合わせの電話を受けた |
電話を受け付けた | 当方で受けた電話 | こちらで受けた電話 | 弊社で受電 | 当社で着信 |
当社が着信側 | 受け手は当社 | かけ手はお客様 | かけてきたのは相手側 | お客様がお電話くださった |
お客様がお電話をかけてこられた | 私より架電 | 私より電話 | 私から電話を入れた |
私から掛けたものです | 私が掛けた方です | 自分が掛けた | 自分から連絡した電話 | 本人からの電話 |
ご本人から入電 | 方向：着信 | 種別：着信 | 呼方向は着信 | 着信方向 | 受信側 | インバウンドの通話 |
インバウンドコール
"""
OUTBOUND = """
you called me | you rang me | you phoned me | they called me | I was called | I got a call |
I received a call | the call came from you | it was you who called | you were the one who called |
your agent called me | somebody from your company rang me | you made the call | I was rung |
you contacted me | you rang | call to me | you dialled me | your people rang me |
you lot rang me | from your end | from your side | it was your side that called | we called |
we rang the customer | we made the call | outgoing | outbound | our agent rang them |
dialled out | it was us who dialled | we were the ones calling | call made by us |
we placed the call | we initiated the call | from our side | from our end |
we contacted the customer | called out to the customer | agent called customer |
customer was called by us | our call to the customer | we dialled | call placed by our side |
we had called | operator dialled the customer | they rang me | call going out |
the call went out | outward call | we did the dialling | we gave him a ring | our side called |
the agent called her | it was us calling | we were the ones who rang |
the customer was rung by us | they phoned me | you gave me a call | call initiated by us |
a call from you | someone from your office phoned me | you had called me | we'd phoned them |
call out to the customer | the one where you called me | I picked up your call |
we telephoned the client | direction: outbound | it was we who called | our office rang her |
the call was made by us | we made an outgoing call | a call you made to me |
the company called me | I didn't call, you called me | こちらから架電 | 弊社から | 発信 | 発呼 |
架電 | こちらから掛けた | こちらから電話した | かけたのはこちら | 担当者から電話 | 当社発信 |
当社発 | こちら発信 | 発信側 | アウトバウンド | 会社から | そちらから | そちらからかかってきた |
御社からかかってきた | そちらからの電話 | 電話をもらった | かけたのはそちら |
かけてきたのはそちら | こちらが発信元 | 発信元はこちら | 店から | スタッフが電話した |
お客様宛に発信 | お客様に電話 | こちらより | こちらより発信 | 架電した通話 | 発信した電話 |
かけたのは当社の方 | 弊社より架電 | 弊社がかけた | うちからかけた | 電話したのはこちらです |
こちらがかけた | こちら側から | 当社側からの発信 | お客様へ架電 | 先方に掛けた | 先方へ発信 |
御社がかけてきた | 御社からお電話をいただいた | そちらが電話してきた | 私に電話がかかってきた |
私にかかってきた | そちらから掛かってきた | そちらからの着信 | 御社からの着信 |
折返しで掛かってきた | こちらから発信した | オペレーターから発信 | センターから発信 |
店舗から電話した | お客様宛の電話 | こちらから連絡した | こちらからお電話差し上げた | 発信は当社 |
かけたのはうちの方 | 電話をかけたのは弊社 | 会社側から掛けた | 担当から掛けた |
センター側がかけた | こちらからのコール | 発信通話 | 掛けた側はこちら | 御社の方からかけてきた |
かかってきたのはそちらから | it was an outbound | our rep rang the customer |
the advisor rang me | call originated with us | you were calling me | you people rang |
a lady from your company rang me | someone from billing phoned me | one of your agents called me |
I had a call from you | I had a phone call from your company | received a call from your company |
you got in touch by phone | the agent was the caller | caller was our agent |
it was your call to me | you started the call | the call was started by us |
you called my number | we dialled her number | we rang his mobile | we called his mobile |
you rang my mobile | out-bound | outgoing to customer | placed outbound | you phoned me up |
we rang them up | we called up the customer | your company called | the call centre called me |
I was contacted by you | I was phoned by you | I picked up when you rang |
I answered when you called | they rang my house | they called my mobile | they phoned my home |
we had rung the client | we'd called the customer | agent dialled customer |
our side initiated the call | initiated by us | we were calling the customer |
we contacted him by phone | we reached out to the customer by phone | callout to customer |
当社からお客様への電話 | 弊社からの架電 | 弊社よりお電話した | こちらから差し上げた電話 |
こちらからさし上げた電話 | 発信呼 | 当社側発信 | センター発信 | 会社からの電話 |
そちらからのお電話 | そちらから頂いた電話 | 御社から頂いた電話 | そちらがかけてきた |
おたくからの電話 | かけてきたのは御社 | 電話をくれたのは御社 | 電話してきたのはそちら |
電話をかけてきたのはそちらの方 | 担当者がかけた電話 | オペレーターがかけた | スタッフからの発信 |
当方からの架電 | 当社が発信した | 発信元：当社 | 発信者は弊社 | 架電元は当社 | 架電者は担当 |
こちらから客に電話 | 客先に架電 | 顧客に架電 | 顧客へ発信 | 先方にTEL | お客様にTELした |
こちらからTEL | 御社よりお電話をいただいた | 私宛にかかってきた | 私の携帯にかかってきた |
自宅にかかってきた電話 | うちに電話がかかってきた御社から | 会社の方から電話があった |
担当の方からお電話をいただいた | 担当者から電話がありました | 社員の方がかけてきた |
御社の社員から電話 | セールスの電話がそちらから | こちらが発信した | こちらが架電した | 弊社発 |
当社発の電話 | アウトバウンドコール | 発信分 | 架電分 | 架電記録 | we made the outgoing call |
a call we made | the call we placed | call from our agent to the customer |
the agent placed a call to her | a call you made to me | the one you made to me |
where you rang me | contact was made by us | phoned out by us | the company's call to me |
your call to me | your agent's call to me | made by your side | we got through to the customer |
you got through to me | call received from you | call I received from you | call I got from you |
I took your call | the customer received our call | the customer answered our call |
picked up by the customer | answered by the customer | type: outgoing | call type outbound |
call direction outbound | dir: outbound | agent dialled out to the customer |
an outgoing to the customer | we had to call the customer | our team reached out by phone |
you were the ones calling | you were the caller | it was your people who rang | 当方の発信 |
当社の発信 | 弊社の架電 | 会社側発信 | センター発の電話 | 担当発信 | 当社起点の電話 |
会社側からの着信 | こちらで架電した | 弊社で発信 | 当社が発信側 | かけ手は当社 | 受け手はお客様 |
かけてきたのは会社側 | 御社がお電話くださった | 御社がお電話をかけてこられた | 弊社より電話 |
当社より発信したもの | こちらより電話を入れた | こちらから掛けたものです | 当社が掛けた方です |
会社が掛けた | 会社から連絡した電話 | 担当からの電話 | お客様に発信 | お客様へのお電話 |
お客様あてのお電話 | 顧客宛架電 | 方向：発信 | 種別：発信 | 呼方向は発信 | アウトバウンドの発信 |
そちらから連絡があった | 御社から連絡をもらった | 御社から掛かってきたものです |
そちらより電話があった | 電話をいただいた側です | 私が受けた方です
"""
# Names, matters and what is asked for that have the same words.
NO_DIRECTION = """
an agent called Tanaka | a woman called Sato | so-called | someone called Smith |
the call was about | called off the order | a call of ten minutes | the recording of the call |
phone number | call centre | missed call | the agent said they would call | please call me |
a ring | call me back please | conference call | the call I mean | make a call | I got a letter |
I received a refund | the call was made on 12 October | which call | the call went well |
the call took place | it came in a box | the bill came in | from the front end |
from our side of the story | 電話 | 通話 | 着信番号 | 発信番号 | 受信料 | 受信料の件 |
NHKの受信料 | お客様相談室 | お客様番号 | 私の携帯 | 私の名前 | こちらの件 | 電話の件 | 電話番号 |
発信者番号 | メールを受信 | 受け取り | 連絡先 | 自分の番号 | かけてください | 受信機の故障 |
発信音 | 受信トレイ | 電話機 | 着信音 | 着信拒否 | 当社の商品 | 店の場所 | 架空請求 | 私の電話 |
受付 | missed call from you | 不在着信 | お客様に電話してほしい | 私に電話してください |
貴社が保有する | こちらからはかけていない | お客様からはかかってきていない | 受信の不具合 |
折り返しの電話をください | customer service | the caller ID | dialling code 03 |
I had a call with Tanaka | the man was called Sato | お客様センターの住所 | お客様に発送 |
会社の住所 | 担当は田中 | ご家族の名義 | 母の契約 | your company name | the office line was dead
"""


def ways(table: str) -> list[str]:
    return [each.strip() for each in table.replace("\n", " ").split(" | ")]


def read(text: str) -> list[Direction]:
    request = read_sentence(text, read_time=lambda _: TimeReading(), country="JP", known=KNOWN)
    values = [each.value for each in request.clues]
    return [each.direction for each in values if isinstance(each, DirectionClue)]


@pytest.mark.parametrize("text", ways(INBOUND))
def test_that_the_call_came_in_is_read_of_whoever_says_it(text: str) -> None:
    """A customer's "I called" and a clerk's "they called" are the same call."""
    assert read(text) == ["inbound"]


@pytest.mark.parametrize("text", ways(OUTBOUND))
def test_that_the_call_was_ours_is_read_of_whoever_says_it(text: str) -> None:
    """A customer's "you called me" and a clerk's "we called" are the same call."""
    assert read(text) == ["outbound"]


@pytest.mark.parametrize("text", ways(NO_DIRECTION))
def test_what_has_the_same_words_says_nothing_of_who_called(text: str) -> None:
    assert read(text) == []
