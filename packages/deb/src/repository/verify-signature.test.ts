import { mergeKeys } from './merge-keys.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from './signing-key.ts';
import { verifyClearsigned, verifyDetached } from './verify-signature.ts';

const DAY_MS = 86_400_000;
const TEXT = 'Suite: stable\n- a dash\n trailing\nSHA256:\n 00 1 x\n';
const make = async (days = 400, createdAt = Date.now()): Promise<SigningKey> =>
	readSigningKey(
		(await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days, createdAt })).privateKey,
	);

let key: SigningKey;
let other: SigningKey;
let signed: string;
beforeAll(async () => {
	[key, other] = [await make(), await make()];
	signed = await key.clearSign(TEXT, Date.now());
});

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const verify = (text: string, keys = [key.publicKey], now = Date.now()) =>
	verifyClearsigned(toBytes(text), { keys, now });

test('gives the signed text and the signer', async () => {
	expect(await verify(signed)).toMatchObject({ text: TEXT.trimEnd(), fingerprint: key.fingerprint });
	expect((await verify(signed, [other.publicKey, key.publicKey])).fingerprint).toBe(key.fingerprint);
	expect((await verify(signed, [await mergeKeys([other.publicKey, key.publicKey])])).fingerprint).toBe(
		key.fingerprint,
	);
});

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const edits: readonly [name: string, edit: (text: string) => string, code: string][] = [
	['text without a signature', () => TEXT, 'APT_REPOSITORY_UNSIGNED'],
	['nothing', () => '', 'APT_REPOSITORY_UNSIGNED'],
	['one changed byte of the text', (text) => text.replace('stable', 'stabel'), 'APT_REPOSITORY_TAMPERED'],
	['a line more', (text) => text.replace('Suite:', 'Extra: 1\nSuite:'), 'APT_REPOSITORY_TAMPERED'],
	['text before the message', (text) => `Suite: evil\n${text}`, 'APT_REPOSITORY_TAMPERED'],
	['text after the signature', (text) => `${text}Suite: evil\n`, 'APT_REPOSITORY_TAMPERED'],
	[
		'a stanza before the hash header ends',
		(text) => text.replace('\nHash:', '\nSuite: evil\nHash:'),
		'APT_REPOSITORY_TAMPERED',
	],
	['two messages', (text) => text + text, 'APT_REPOSITORY_TAMPERED'],
	['a line that is not escaped', (text) => text.replace('- - a dash', '-a dash'), 'APT_REPOSITORY_TAMPERED'],
	['a message that is cut off', (text) => text.slice(0, -40), 'APT_REPOSITORY_TAMPERED'],
	[
		'a damaged signature',
		(text) => text.replace(/\n\nw.{20}/, (found) => `${found.slice(0, -3)}AAA`),
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'only the frame',
		() => `${BEGIN}\n\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n`,
		'APT_REPOSITORY_TAMPERED',
	],
];
test.each(edits)('refuses %s', async (_name, edit, code) => {
	await expect(verify(edit(signed))).rejects.toMatchObject({ name: 'SlipwayError', code });
});

test('refuses another key, and names both', async () => {
	await expect(verify(signed, [other.publicKey])).rejects.toMatchObject({
		code: 'APT_REPOSITORY_OTHER_KEY',
		message: expect.stringContaining(other.fingerprint),
	});
	await expect(verify(signed, [])).rejects.toMatchObject({ code: 'APT_REPOSITORY_OTHER_KEY' });
});

test('refuses a key that has expired since, unless it is to be replaced', async () => {
	const now = Date.now();
	const old = await make(2, now - DAY_MS);
	const text = await old.clearSign(TEXT, now);
	const trust = { keys: [old.publicKey], now: now + 5 * DAY_MS };
	expect(await verify(text, [old.publicKey])).toMatchObject({ fingerprint: old.fingerprint });
	await expect(verifyClearsigned(toBytes(text), trust)).rejects.toMatchObject({ code: 'APT_KEY_EXPIRED' });
	expect(await verifyClearsigned(toBytes(text), { ...trust, allowExpiredKey: true })).toMatchObject({
		fingerprint: old.fingerprint,
	});
});

test('refuses trusted keys that are none', async () => {
	await expect(verify(signed, ['hello'])).rejects.toMatchObject({ code: 'APT_KEY_INVALID' });
});

test('a detached signature counts for its own bytes only', async () => {
	const signature = toBytes(await key.detachSign(TEXT, Date.now()));
	const trust = { keys: [key.publicKey], now: Date.now() };
	expect(await verifyDetached(toBytes(TEXT), signature, trust)).toMatchObject({ text: TEXT });
	for (const [bytes, mark, code] of [
		[toBytes(`${TEXT} `), signature, 'APT_REPOSITORY_TAMPERED'],
		[toBytes(TEXT), toBytes('hello'), 'APT_REPOSITORY_TAMPERED'],
	] as const)
		await expect(verifyDetached(bytes, mark, trust)).rejects.toMatchObject({ code });
	await expect(
		verifyDetached(toBytes(TEXT), signature, { ...trust, keys: [other.publicKey] }),
	).rejects.toMatchObject({ code: 'APT_REPOSITORY_OTHER_KEY' });
});
