import type { TransparencyLogEntry } from '@sigstore/bundle';
import { findInclusionProblem } from './inclusion.ts';
import { toWrongEntry } from './wrong-entry.ts';

/** @throws SlipwayError SIGN_LOG_WRONG where an entry does not come with a proof that the log holds it */
export const checkProof = (entry: TransparencyLogEntry, url: string): void => {
	const proof = entry.inclusionProof;
	if (!proof?.checkpoint) throw toWrongEntry(url, 'a proof that the log holds the entry', 'none');
	const isNumber = (text: string): boolean => /^\d{1,19}$/.test(text);
	if (!isNumber(proof.logIndex) || !isNumber(proof.treeSize) || !isNumber(entry.logIndex))
		throw toWrongEntry(url, 'indexes that are numbers', `${entry.logIndex} and ${proof.logIndex}`);
	const problem = findInclusionProblem(entry.canonicalizedBody, {
		logIndex: BigInt(proof.logIndex),
		treeSize: BigInt(proof.treeSize),
		rootHash: proof.rootHash,
		hashes: proof.hashes,
		checkpoint: proof.checkpoint.envelope,
	});
	if (problem) throw toWrongEntry(url, 'a proof that the log holds the entry', `a wrong one: ${problem}`);
};
