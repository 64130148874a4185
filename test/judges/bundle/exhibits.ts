import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundleJson } from './bundle-json.ts';
import type { Exhibit, SignedPair } from './exhibit.ts';
import { toRow } from './kinds.ts';
import { toPredicateType, toSubjectFile } from './statements.ts';
import type { Subjects } from './subjects.ts';
import { appliesTo, TAMPERINGS, tamper } from './tampering.ts';

const toExhibit = (pair: SignedPair, tampering: Exhibit['tampering'], subjects: Subjects) => {
	const { statement, kind, expected } = pair;
	const subject = toSubjectFile(statement, subjects);
	return {
		statement,
		kind,
		tampering,
		predicateType: toPredicateType(statement),
		subject: tampering === 'another file' ? subjects.another[subject.algorithm] : subject,
		expected: tampering === 'another issuer' ? { ...expected, issuer: `${expected.issuer}/other` } : expected,
	};
};

const writeBundle = (folder: string, name: string, bundle: Uint8Array): string => {
	const file = join(folder, `${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.sigstore.json`);
	writeFileSync(file, bundle);
	return file;
};

/** Every bundle as it was made, and once for everything that can be done to it. */
export const toExhibits = (
	pairs: readonly SignedPair[],
	{ folder, subjects }: { readonly folder: string; readonly subjects: Subjects },
): readonly Exhibit[] => {
	mkdirSync(folder, { recursive: true });
	const findAgain = ({ kind, bundle }: SignedPair): Uint8Array =>
		pairs.find((other) => other.kind !== kind && other.kind.signer === kind.signer)?.bundle ?? bundle;
	return pairs.flatMap((pair) => {
		const name = `${toRow(pair.kind)} ${pair.statement}`;
		const bundle = readBundleJson(pair.bundle);
		const donors = { other: readBundleJson(pair.other), again: readBundleJson(findAgain(pair)) };
		const broken = TAMPERINGS.filter((tampering) => appliesTo(tampering, pair.kind)).map(
			(tampering): Exhibit => {
				const bytes = Buffer.from(JSON.stringify(tamper(tampering, bundle, donors)));
				const file = writeBundle(folder, `${name} ${tampering}`, bytes);
				return { ...toExhibit(pair, tampering, subjects), file };
			},
		);
		const whole = { ...toExhibit(pair, 'as made', subjects), file: writeBundle(folder, name, pair.bundle) };
		return [whole, ...broken];
	});
};
