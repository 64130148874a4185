import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { RehearsalTampering } from '@slipway/report';
import type { RehearsalCode } from '../code.ts';
import type { FolderVerdict } from '../trust/verify-folders.ts';
import { TAMPERINGS } from './catalog.ts';
import { ReleaseCopy } from './release-copy.ts';
import type { Means, Tampering } from './tampering.ts';

/** A changed copy, ready to be verified. */
export interface TamperedCopy {
	readonly tampering: Pick<Tampering, 'id' | 'what'>;
	readonly folder: string;
	/** At least one of them has to be named. */
	readonly links: readonly string[];
}

/** Makes one copy of a Release for each change that it has the parts for. */
export const makeTamperedCopies = async (
	release: string,
	folder: string,
	means: Means,
): Promise<readonly TamperedCopy[]> => {
	const copies: TamperedCopy[] = [];
	for (const tampering of TAMPERINGS) {
		const copy = await ReleaseCopy.make(release, join(folder, tampering.id));
		const links = await tampering.apply(copy, means);
		if (links) copies.push({ tampering, folder: copy.folder, links });
	}
	return copies;
};

const MAX_MESSAGE = 500;

/** The line that names the link, and as many words as people read. */
const toShort = (message: string, links: readonly string[]): string => {
	const lines = message.split('\n').map((line) => line.trim());
	const at = Math.max(
		0,
		lines.findIndex((each) => links.some((link) => each.includes(link))),
	);
	// A line that ends with a colon is explained by the next one.
	const line = lines.slice(at, at + (lines[at]?.endsWith(':') ? 2 : 1)).join(' ');
	return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
};

const accepted = (what: string, problem: string): SlipwayError =>
	new SlipwayError<RehearsalCode>('REHEARSAL_TAMPERING_ACCEPTED', `${what}: ${problem}`, {
		hint: 'Please report this: nobody should use this version to verify anything.',
	});

/** @throws SlipwayError REHEARSAL_TAMPERING_ACCEPTED: a copy was accepted, or refused without naming what was changed */
export const toRefusal = (
	project: string,
	{ tampering, links }: Omit<TamperedCopy, 'folder'>,
	verdict: FolderVerdict,
): RehearsalTampering => {
	const { id, what } = tampering;
	if (verdict.verified) throw accepted(what, 'expected a refusal, got none');
	const { code, message } = verdict;
	if (!links.some((link) => message.includes(link)))
		throw accepted(
			what,
			`expected a refusal that names ${links.join(' or ')}, got ${code}: ${message.slice(0, MAX_MESSAGE)}`,
		);
	return { project, id, what, code, message: toShort(message, links) };
};
