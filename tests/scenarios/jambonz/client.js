// A call of two telephones through rtpengine, recorded by jambonz' SIPREC client.
//
// One argument, JSON: our SIP address and port, the recorder's, rtpengine's control port, the two
// parties. Writes a line of JSON once the recorder has answered: the Call-ID, and where each
// telephone has to send. Then does what stands on each line of its input, and writes what came of it.
// Only what joins the libraries is here: dialogs are what drachtio would do for the client.
'use strict';

const sip = require('sip');
const { Client } = require('rtpengine-client');
const SrsClient = require('@jambonz/siprec-client-utils');
const readline = require('node:readline');
const { randomUUID } = require('node:crypto');

const asked = JSON.parse(process.argv[2]);
const OK = 200;

class Dialog {
  constructor(request, response) {
    this.request = request;
    this.response = response;
    this.remote = { sdp: response.content };
    this.number = request.headers.cseq.seq;
  }

  next(method, headers = {}, content = '') {
    const to = this.response.headers.contact[0].uri;
    return {
      method,
      uri: to,
      headers: {
        to: this.response.headers.to,
        from: this.request.headers.from,
        'call-id': this.request.headers['call-id'],
        cseq: { method, seq: method === 'ACK' ? this.number : ++this.number },
        contact: this.request.headers.contact,
        ...headers,
      },
      content,
    };
  }

  async modify(sdp, { headers }) {
    const request = this.next('INVITE', { ...headers, 'content-type': 'application/sdp' }, sdp);
    await sent(request);
    sip.send(this.next('ACK'));
  }

  async destroy() {
    await sent(this.next('BYE'));
  }
}

// Rejects with the status of a refusal.
function sent(request) {
  return new Promise((resolve, reject) => {
    sip.send(request, (response) => {
      if (response.status === OK) resolve(response);
      else if (response.status > OK) reject(new Error(`${request.method}: ${response.status}`));
    });
  });
}

const srf = {
  async createUAC(uri, { headers, localSdp }) {
    const own = `sip:jambonz@${asked.host}:${asked.port}`;
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const request = {
      method: 'INVITE',
      uri,
      headers: {
        to: { uri },
        from: { uri: own, params: { tag: randomUUID() } },
        'call-id': `jambonz-${randomUUID()}`,
        cseq: { method: 'INVITE', seq: 1 },
        contact: [{ uri: own }],
        ...Object.fromEntries(lower),
      },
      content: localSdp,
    };
    const dialog = new Dialog(request, await sent(request));
    sip.send(dialog.next('ACK'));
    return dialog;
  },
};

function telephone(port) {
  const head = ['v=0', `o=- ${port} 1 IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  return [...head, `m=audio ${port} RTP/AVP 0`, 'a=rtpmap:0 PCMU/8000', ''].join('\r\n');
}

function portIn({ sdp }) {
  return Number(/^m=audio (\d+)/m.exec(sdp)[1]);
}

async function main() {
  sip.start({ address: asked.host, port: asked.port, tcp: false }, (request) => {
    sip.send(sip.makeResponse(request, request.method === 'ACK' ? undefined : OK));
  });
  const engine = new Client({ port: 0, host: asked.host });
  const ask = (command) => (options) => engine[command](asked.engine, asked.host, options);
  const call = { 'call-id': randomUUID() };
  const [caller, called] = ['caller', 'called'].map((tag) => ({ ...call, 'from-tag': tag }));
  const offered = await ask('offer')({ ...caller, sdp: telephone(9), replace: ['origin'] });
  const answered = await ask('answer')({
    ...caller, 'to-tag': 'called', sdp: telephone(9), replace: ['origin'],
  });
  const quiet = { info() {}, error: console.error };
  const client = new SrsClient(quiet, {
    srf,
    direction: 'inbound',
    originalInvite: { get: () => call['call-id'], locals: { carrier: 'carrier' } },
    callingNumber: asked.caller,
    calledNumber: asked.called,
    srsUrl: asked.recorder,
    srsRecordingId: randomUUID(),
    callSid: randomUUID(),
    accountSid: randomUUID(),
    applicationSid: randomUUID(),
    rtpEngineOpts: { common: call },
    toTag: caller['from-tag'],
    aorFrom: `sip:${asked.caller}@carrier.example`,
    aorTo: `sip:${asked.called}@pbx.example`,
    subscribeRequest: ask('subscribeRequest'),
    subscribeAnswer: ask('subscribeAnswer'),
    unsubscribe: ask('unsubscribe'),
    blockMedia: ask('blockMedia'),
    unblockMedia: ask('unblockMedia'),
    del: ask('delete'),
  });
  await client.start();
  const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
  say({
    call_id: client.uac.request.headers['call-id'],
    caller: portIn(answered),
    called: portIn(offered),
  });
  for await (const word of readline.createInterface({ input: process.stdin })) {
    say(await client[word]());
  }
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
