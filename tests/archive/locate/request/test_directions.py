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
こちらからそちらに電話した | 御社に電話した | そちらに電話をかけた | 御社へかけました
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
かかってきたのはそちらから
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
折り返しの電話をください
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
