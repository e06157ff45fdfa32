/**
 * Of what a phone offers, the media server is told the one part that it is to answer: a section of
 * audio over plain RTP. A phone that can do SRTP but need not (RFC 3264 5: RTP/SAVP beside
 * RTP/AVP, in either order), or has video, fax or text, offers several sections; each of them has
 * to be answered in its place, and those that are not used with port 0 (RFC 3264 6).
 */
export interface PlainAudio {
  /** An offer of that section alone. */
  readonly sdp: string;
  /** Whether its events of RFC 4733 can be understood. */
  readonly hasTelephoneEvent: boolean;
  /** Whether it has G.711, which every media server takes. */
  readonly hasG711: boolean;
  /** The m= lines of the whole offer. */
  readonly media: readonly string[];
  /** Which of them is used. */
  readonly index: number;
}

interface Section {
  readonly type: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: string;
  readonly media: string;
  readonly lines: readonly string[];
}

const MEDIA_LINE = /^m=(\S+) +(\d{1,5})(?:\/\d{1,3})? +(\S+) +(\S.*)$/;
/** More sections than any phone has. */
const MAX_SECTIONS = 16;
const CONNECTION = /^c=IN IP[46] \S+$/;
const DIRECTION = /^a=(?:sendrecv|sendonly|recvonly|inactive)$/;
/**
 * What says something about plain audio, in its right form. Keys, candidates, groups and the like
 * concern what is not used.
 */
const OF_AUDIO = [
  DIRECTION,
  CONNECTION,
  /^a=rtpmap:\d{1,3} +[\w.+-]+\/\d{1,6}(?:\/\d{1,2})?$/,
  /^a=fmtp:\d{1,3} +\S.*$/,
  /^a=(?:max)?ptime:\d{1,4}$/,
];

/** Reads an SDP (RFC 8866) offer. null: it is none, or has no audio over plain RTP. */
export function readPlainAudio(text: string): PlainAudio | null {
  // Whatever a parser may take for the end of a line.
  const lines = text
    .split(/[\r\n\0]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines[0] !== 'v=0') return null;
  const first = lines.findIndex((line) => line.startsWith('m='));
  if (first < 0) return null;
  const session = lines.slice(0, first);
  const sections = readSections(lines.slice(first));
  if (sections === null) return null;
  const plain = sections.filter(isPlainAudio);
  const section = plain.find(hasG711) ?? plain[0];
  const hosts = lines.filter((line) => line.startsWith('a=x-media-from:')); // see withMediaAtSource
  const sdp = section === undefined ? null : describe(session, section, hosts);
  if (section === undefined || sdp === null) return null;
  return {
    sdp,
    hasTelephoneEvent: hasEvents(section),
    hasG711: hasG711(section),
    media: sections.map(({ media }) => media),
    index: sections.indexOf(section),
  };
}

/**
 * The media server's answer as the phone's whole offer has to be answered; null when it has refused
 * the audio, too.
 */
export function answerWhole({ media, index }: PlainAudio, answer: string): string | null {
  const lines = answer.split(/\r?\n/).filter((line) => line !== '');
  const start = lines.findIndex((line) => line.startsWith('m='));
  if (start < 0 || !/^m=audio [1-9]/.test(lines[start] ?? '')) return null;
  const next = lines.findIndex((line, at) => at > start && line.startsWith('m='));
  const audio = lines.slice(start, next < 0 ? lines.length : next);
  const sections = media.flatMap((line, at) => (at === index ? audio : [refusal(line)]));
  return [...lines.slice(0, start), ...sections].map((line) => `${line}\r\n`).join('');
}

function readSections(lines: readonly string[]): Section[] | null {
  const sections: (Section & { lines: string[] })[] = [];
  for (const line of lines) {
    const section = sections.at(-1);
    if (!line.startsWith('m=')) {
      section?.lines.push(line);
      continue;
    }
    const [, type, port, protocol, formats] = MEDIA_LINE.exec(line) ?? [];
    if (type === undefined || protocol === undefined || formats === undefined) return null;
    if (Number(port) > 65_535 || sections.length >= MAX_SECTIONS) return null;
    sections.push({ type, port: Number(port), protocol, formats, media: line, lines: [] });
  }
  return sections;
}

/** RTP/AVPF is the same with other times for RTCP (RFC 4585), which we have no use for. */
function isPlainAudio(section: Section): boolean {
  const { type, port, protocol } = section;
  return type === 'audio' && port > 0 && /^RTP\/AVPF?$/i.test(protocol) && typesOf(section).length > 0;
}

/** Payload types; only these can be meant, whatever else stands there. */
function typesOf({ formats }: Section): string[] {
  return formats.split(/ +/).filter((type) => /^\d{1,3}$/.test(type) && Number(type) < 128);
}

function hasG711(section: Section): boolean {
  const types = typesOf(section);
  const named = section.lines.map((line) => /^a=rtpmap:(\d+) +(?:PCM[AU])\/8000\b/i.exec(line)?.[1]);
  return types.some((type) => type === '0' || type === '8' || named.includes(type));
}

function hasEvents(section: Section): boolean {
  const types = typesOf(section);
  return section.lines.some((line) => {
    const type = /^a=rtpmap:(\d+) +telephone-event\/8000\b/i.exec(line)?.[1];
    return type !== undefined && types.includes(type);
  });
}

/**
 * Lines of the section count before those of the session. null: it says nowhere where audio is
 * wanted.
 */
function describe(session: readonly string[], section: Section, hosts: readonly string[]): string | null {
  const own = section.lines.filter((line) => OF_AUDIO.some((form) => form.test(line)));
  const connection = [...own, ...session].find((line) => CONNECTION.test(line));
  if (connection === undefined) return null;
  const direction = [...own, ...session].find((line) => DIRECTION.test(line));
  return [
    'v=0',
    `o=dialgate 1 1 ${connection.slice(2)}`,
    's=-',
    connection,
    't=0 0',
    `m=audio ${section.port} ${section.protocol.toUpperCase()} ${typesOf(section).join(' ')}`,
    ...own.filter((line) => !CONNECTION.test(line) && !DIRECTION.test(line)),
    direction ?? 'a=sendrecv',
    ...hosts,
  ]
    .map((line) => `${line}\r\n`)
    .join('');
}

function refusal(media: string): string {
  return media.replace(/^m=(\S+) +\d+(?:\/\d+)? +/, 'm=$1 0 ');
}
