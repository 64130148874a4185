import { verify } from 'node:crypto';
import { makeTiledLog } from '../rekor/rekor-log.ts';
import { toCheckpoint } from './checkpoint.ts';
import { makeLogKey, TransparencyLog, toLogId } from './transparency-log.ts';

const makeLog = () => {
	const key = makeLogKey();
	return new TransparencyLog(key, toLogId(key.publicKey));
};

test('an entry that is there is found, not added again', () => {
	const log = makeLog();
	const first = log.add(Buffer.from('entry'), 7);
	expect(log.add(Buffer.from('entry'), 8)).toEqual({ leafHash: first.leafHash, known: true });
	expect(log.find(first.leafHash)).toMatchObject({ index: 0, time: 7 });
	expect(log.size).toBe(1);
});

test('of many entries the latest 10,000 are kept, and the tree of all', () => {
	const log = makeLog();
	const hashes = Array.from({ length: 10_002 }, (_, index) => log.add(Buffer.from(`${index}`), 0).leafHash);
	expect(hashes.slice(0, 3).map((hash) => log.find(hash)?.index)).toEqual([undefined, undefined, 2]);
	expect(log.size).toBe(10_002);
});

test.each([
	['P-256', makeLog, 'sha256'],
	['ed25519', makeTiledLog, null],
])('a checkpoint is signed with %s over its text', (_, make, algorithm) => {
	const log = make();
	log.add(Buffer.from('entry'), 0);
	const note = toCheckpoint(log, log.toInclusion(0), { origin: 'here', name: 'log' });
	const [text = '', line = ''] = note.split('\n\n');
	const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64');
	expect(text.split('\n').slice(0, 2)).toEqual(['here', '1']);
	expect(signature.subarray(0, 4)).toEqual(Buffer.from(log.id.subarray(0, 4)));
	expect(verify(algorithm, Buffer.from(`${text}\n`), log.key.publicKey, signature.subarray(4))).toBe(true);
});
