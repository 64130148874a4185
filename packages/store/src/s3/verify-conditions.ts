import { randomBytes } from 'node:crypto';
import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import { PRIVATE_FOLDER } from '../store-path.ts';
import type { Bucket } from './bucket.ts';
import type { BucketAddress } from './bucket-address.ts';
import { askPatiently, type Patience } from './patience.ts';
import { type Asked, toOddReply, toS3Error } from './s3-error.ts';

interface Probe {
	readonly bucket: Bucket;
	readonly patience: Patience;
	readonly key: string;
	readonly origin: string;
	readonly asked: Asked;
}

const toIgnored = ({ origin, asked }: Probe, server: string | undefined, problem: string) =>
	new SlipwayError<StoreCode>(
		'STORE_CONDITIONS_IGNORED',
		`${asked.store}: expected a server that compares before it writes, but ${server ?? 'the server'} at ${origin} ${problem}`,
		{
			hint: 'Two releases at once could overwrite each other there: use a server that honours If-None-Match and If-Match (AWS S3, MinIO, versitygw), or a directory or branch as the store.',
		},
	);

/** Nobody else knows the name of the probe: sending it again after a lost reply harms nobody. */
const put = async (probe: Probe, text: string, condition: Readonly<Record<string, string>>) => {
	const { bucket, patience, key, asked } = probe;
	const body = new TextEncoder().encode(text);
	const answer = await askPatiently(() => bucket({ method: 'PUT', key, headers: condition, body }), patience);
	const [name = ''] = Object.keys(condition);
	if (answer.kind === 'refused' && (answer.status === 501 || answer.code === 'NotImplemented'))
		throw toIgnored(probe, answer.server, `does not know ${name} (501)`);
	if (answer.kind === 'refused' || answer.kind === 'later' || answer.kind === 'unknown')
		throw toS3Error(asked, answer);
	return answer;
};

type Sent = Awaited<ReturnType<typeof put>>;

const expectUnmet = (probe: Probe, answer: Sent, what: string): void => {
	if (answer.kind === 'done') throw toIgnored(probe, answer.server, `wrote ${what}`);
};

const tryConditions = async (probe: Probe): Promise<void> => {
	// Whatever it says: after a lost reply the same request finds the file there, by us.
	await put(probe, 'one', { 'if-none-match': '*' });
	expectUnmet(
		probe,
		await put(probe, 'two', { 'if-none-match': '*' }),
		'over a file in spite of If-None-Match: *',
	);
	const { version, text } = await readProbe(probe);
	if (text !== 'one') throw toIgnored(probe, undefined, 'wrote over a file in spite of If-None-Match: *');
	const other = `"${'0'.repeat(32)}"`;
	expectUnmet(probe, await put(probe, 'two', { 'if-match': other }), 'over a file in spite of If-Match');
	const changed = await put(probe, 'three', { 'if-match': version });
	// Whatever it says here too: after a lost reply the version is another one, by us.
	if (changed.kind !== 'done' && (await readProbe(probe)).text !== 'three')
		throw toIgnored(probe, undefined, 'refused a change with the right If-Match');
};

const readProbe = async ({ bucket, key, patience, asked }: Probe) => {
	const answer = await askPatiently(() => bucket({ method: 'GET', key }), patience);
	if (answer.kind !== 'done') throw toOddReply(asked, 'no file where one was written just now');
	const version = answer.headers.get('etag');
	if (!version) throw toOddReply(asked, 'a file without an ETag');
	return { version, text: new TextDecoder().decode(answer.body) };
};

/**
 * Shows by a file of its own, which no list names and which is gone afterwards, that a bucket's server honours
 * If-None-Match and If-Match: six short requests.
 * @throws SlipwayError STORE_CONDITIONS_IGNORED with the server's name, STORE_*
 */
export const verifyConditions = async (
	bucket: Bucket,
	{ address, patience }: { readonly address: BucketAddress; readonly patience: Patience },
): Promise<void> => {
	const path = `${PRIVATE_FOLDER}/probe-${randomBytes(8).toString('hex')}`;
	const key = address.prefix + path;
	const asked: Asked = { verb: 'write', path, store: address.description };
	const probe: Probe = { bucket, patience, key, origin: address.origin, asked };
	try {
		await tryConditions(probe);
	} finally {
		await askPatiently(() => bucket({ method: 'DELETE', key }), patience);
	}
};
