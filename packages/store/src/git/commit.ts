import { randomBytes } from 'node:crypto';
import type { Edit } from './judge.ts';

export const AUTHOR = 'slipway <slipway@localhost>';
const LONGEST_MESSAGE = 160;

const toVerb = (edit: Edit): 'Write' | 'Remove' => (edit.bytes ? 'Write' : 'Remove');

/** One line: what changed. The last edit is the one that counts most. */
export const toMessage = (edits: readonly Edit[]): string => {
	const last = edits.at(-1);
	if (!last) return 'Nothing';
	const more = edits.length === 1 ? '' : ` and ${edits.length - 1} more`;
	return `${toVerb(last)} ${last.path}`.slice(0, LONGEST_MESSAGE) + more;
};

/**
 * The committer's address is another one each time: two writers that make the same change in the same second must not
 * make the same commit, since then both pushes would succeed and both would have won.
 */
export const toCommitter = (): string => `slipway <writer-${randomBytes(8).toString('hex')}@localhost>`;

export interface Commit {
	/** Commit of the parent; undefined: the first one of a new branch. */
	readonly parent: string | undefined;
	readonly edits: readonly Edit[];
	/** Seconds since 1970. */
	readonly time: number;
}

/** Without a search for similarities between files: a push makes its own. */
export const FAST_IMPORT: readonly string[] = [
	...['fast-import', '--quiet', '--done', '--force'],
	...['--date-format=raw', '--depth=0'],
];

const PACKED = /\.(?:deb|gz|xz|zst|tgz)$/;

/** Before the name of a git command: what is mostly compressed already is not compressed again, and is sent as it lies there. */
export const toCompression = (edits: readonly Edit[]): readonly string[] => {
	const sum = (some: readonly Edit[]): number =>
		some.reduce((total, { bytes }) => total + (bytes?.length ?? 0), 0);
	const packed = sum(edits.filter(({ path }) => PACKED.test(path)));
	return packed > 0.9 * sum(edits) ? ['-c', 'core.compression=0'] : [];
};

const toData = (bytes: Uint8Array): readonly Uint8Array[] => [
	Buffer.from(`data ${bytes.length}\n`),
	bytes,
	Buffer.from('\n'),
];

const toEditLines = ({ path, mode, bytes }: Edit): readonly Uint8Array[] =>
	bytes ? [Buffer.from(`M ${mode} inline ${path}\n`), ...toData(bytes)] : [Buffer.from(`D ${path}\n`)];

/**
 * One commit in the language of `git fast-import`, which reads only the folders that change and prints the commit's id.
 * Paths need no quotes: a Store's have no control characters and no quotation marks.
 */
export const toFastImport = ({ parent, edits, time }: Commit): Uint8Array =>
	Buffer.concat([
		Buffer.from(
			[
				'commit refs/slipway/made',
				'mark :1',
				`author ${AUTHOR} ${time} +0000`,
				`committer ${toCommitter()} ${time} +0000\n`,
			].join('\n'),
		),
		...toData(Buffer.from(`${toMessage(edits)}\n`)),
		Buffer.from(parent === undefined ? '' : `from ${parent}\n`),
		...edits.flatMap(toEditLines),
		Buffer.from('\nget-mark :1\ndone\n'),
	]);
