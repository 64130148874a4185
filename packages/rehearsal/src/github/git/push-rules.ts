import { gunzipSync } from 'node:zlib';
import type { RefChange } from '../routes/rules.ts';
import { type GitHubReply, type GitHubRequest, toBytesReply } from '../server/exchange.ts';

const NONE = /^0+$/;

/** The text of each pkt-line up to the first flush (gitprotocol-common, "pkt-line Format"). */
const readLines = (body: Buffer): readonly string[] => {
	const lines: string[] = [];
	for (let at = 0; at + 4 <= body.length; ) {
		const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
		if (!(length >= 4)) break;
		lines.push(body.toString('utf8', at + 4, at + length));
		at += length;
	}
	return lines;
};

export interface Push {
	readonly changes: readonly RefChange[];
	/** What the client understands of replies. */
	readonly capabilities: readonly string[];
}

/** What a push asks for (gitprotocol-pack, "Pushing Data To a Server"); nothing where it is another request. */
export const readPush = ({ body, headers }: GitHubRequest): Push => {
	const isPacked = headers['content-encoding'] === 'gzip';
	const lines = readLines(isPacked ? gunzipSync(body) : body);
	const [, capabilities = ''] = (lines[0] ?? '').split('\0');
	const changes = lines.flatMap((line): readonly RefChange[] => {
		const [, old = '', next = '', ref = ''] = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
		if (ref === '') return [];
		if (NONE.test(old)) return [{ ref, change: 'creation' }];
		return [{ ref, change: NONE.test(next) ? 'deletion' : 'update' }];
	});
	return { changes, capabilities: capabilities.trim().split(' ') };
};

const toLine = (content: string | Buffer): Buffer => {
	const bytes = Buffer.from(content);
	return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};

const FLUSH = '0000';
/** Channels of a reply with `side-band-64k`: what the client reads, and what a person does. */
const DATA = 1;
const MESSAGES = 2;

const onBand = (band: number, content: string | Buffer): Buffer =>
	toLine(Buffer.concat([Buffer.from([band]), Buffer.from(content)]));

/** GitHub's answer to a push that a rule forbids: nothing of it is done, and each ref is told why. */
export const replyForbidden = (
	{ changes, capabilities }: Push,
	{ ref, text }: { readonly ref: string; readonly text: string },
): GitHubReply => {
	const declined = changes.map((each) =>
		toLine(`ng ${each.ref} push declined due to repository rule violations\n`),
	);
	const report = Buffer.concat([toLine('unpack ok\n'), ...declined, Buffer.from(FLUSH)]);
	const message = `error: GH013: Repository rule violations found for ${ref}.\n\n- ${text}\n\n`;
	const body = capabilities.includes('side-band-64k')
		? [onBand(MESSAGES, message), onBand(DATA, report), Buffer.from(FLUSH)]
		: [report];
	return toBytesReply(Buffer.concat(body), 'application/x-git-receive-pack-result');
};
