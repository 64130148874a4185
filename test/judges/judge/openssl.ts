import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { toPae } from '@slipway/core/attestation';
import { readBundleJson } from '../bundle/bundle-json.ts';
import type { Exhibit } from '../bundle/exhibit.ts';
import { isKeyless } from '../bundle/kinds.ts';
import type { Tampering } from '../bundle/tampering.ts';
import type { Expectation } from '../trial.ts';
import { ask } from './ask.ts';
import { ACCEPTS, cannotJudge, type Judge, REFUSES } from './judge.ts';

const SEEN: readonly Tampering[] = [
	'payload changed',
	'payload type changed',
	'signature flipped',
	'signed by another',
];

const expectOf = ({ kind, tampering }: Exhibit): Expectation => {
	if (isKeyless(kind)) return cannotJudge('it is asked about own keys alone');
	if (tampering === 'as made') return ACCEPTS;
	return SEEN.includes(tampering)
		? REFUSES
		: cannotJudge('it sees signature and payload, nothing around them');
};

const look = async ({ file, kind, expected }: Exhibit) => {
	const { dsseEnvelope } = readBundleJson(readFileSync(file));
	const [signature] = dsseEnvelope.signatures;
	const [data, signatureFile] = [`${file}.pae`, `${file}.sig`];
	writeFileSync(data, toPae(dsseEnvelope.payloadType, Buffer.from(dsseEnvelope.payload, 'base64')));
	writeFileSync(signatureFile, Buffer.from(signature?.sig ?? '', 'base64'));
	const key = expected.publicKeyFile ?? '';
	const command =
		kind.signer === 'ed25519'
			? ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', data, '-sigfile', signatureFile]
			: ['dgst', '-sha256', '-verify', key, '-signature', signatureFile, data];
	return ask(['openssl', ...command], { cwd: dirname(file) });
};

/** openssl, which knows nothing of bundles: it is given the bytes that were signed (DSSE's encoding) and the key. */
export const OPENSSL: Judge = { name: 'openssl', expect: expectOf, look };
