/** Text to message bytes: line ends become CRLF. */
export function wire(text: string): Buffer {
  return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8');
}

/**
 * RFC 3261 24.2, message F1: Alice to the proxy of atlanta.example.com. The body stands for her
 * SDP.
 */
export const ALICE_INVITE = wire(`INVITE sip:bob@biloxi.example.com SIP/2.0
Via: SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9
Max-Forwards: 70
From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl
To: Bob <sip:bob@biloxi.example.com>
Call-ID: 3848276298220188511@atlanta.example.com
CSeq: 1 INVITE
Contact: <sip:alice@client.atlanta.example.com;transport=tcp>
Content-Type: application/sdp
Content-Length: 151

v=0
o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com
s=-
c=IN IP4 192.0.2.101
t=0 0
m=audio 49172 RTP/AVP 0
a=rtpmap:0 PCMU/8000
`);

/** RFC 3261 24.2, message F11 on its way from Bob to Alice through two proxies. */
export const BOB_OK = wire(`SIP/2.0 200 OK
Via: SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1
 ;received=192.0.2.2
Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds
 ;received=192.0.2.1
To: Bob <sip:bob@biloxi.com>;tag=a6c85cf
From: Alice <sip:alice@atlanta.com>;tag=1928301774
Call-ID: a84b4c76e66710
CSeq: 314159 INVITE
Contact: <sip:bob@192.0.2.4>
Record-Route: <sip:p2.biloxi.com;lr>, <sip:p1.atlanta.com;lr>
Content-Type: application/sdp
Content-Length: 0

`);

/** RFC 3261 24.1, message F1, with the compact forms of 7.3.3. */
export const COMPACT_REGISTER = wire(`REGISTER sip:registrar.biloxi.com SIP/2.0
v: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7
Max-Forwards: 70
t: Bob <sip:bob@biloxi.com>
f: Bob <sip:bob@biloxi.com>;tag=456248
i: 843817637684230@998sdasdh09
CSeq: 1826 REGISTER
m: <sip:bob@192.0.2.4>
Expires: 7200
l: 0

`);
