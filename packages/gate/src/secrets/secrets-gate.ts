import { findFormat, gunzipLimited } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { Gate, GateFinding } from '../gate.ts';
import { lookIntoEach, type Packed, toWhere } from '../packed/packed.ts';
import type { PackedFile } from '../packed/packed-file.ts';
import { toFileText, toParts } from './file-text.ts';
import { type FoundSecret, findByPattern, type Linter, loadLinter } from './find-secrets.ts';

/** Bytes of one file, and of all files of an artifact, that are looked through. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const MAX_LINES = 5;
/** Of one kind in one file; more say nothing new. */
const MAX_FOUND = 1000;

const HINT =
	'Remove it, revoke it where it came from (it may have been seen), then build again. A test value: name it in an override.';

const toLines = (found: readonly FoundSecret[]): string => {
	const lines = [...new Set(found.map(({ line }) => line))].sort((a, b) => a - b);
	const more = lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more lines` : '';
	return `line ${lines.slice(0, MAX_LINES).join(', ')}${more}`;
};

const toFinding = (
	packed: Packed,
	file: PackedFile,
	[kind, found]: readonly [string, readonly FoundSecret[]],
): GateFinding => ({
	id: `${packed.label}:${file.path}:${kind}`,
	severity: 'error',
	message: `${packed.artifact.name}: expected no secrets, got what looks like one (${kind}) in ${file.path}, ${toLines(found)}`,
	where: toWhere(packed, file, Math.min(...found.map(({ line }) => line))),
	hint: HINT,
});

const groupByKind = (found: readonly FoundSecret[]): ReadonlyMap<string, readonly FoundSecret[]> => {
	const groups = new Map<string, FoundSecret[]>();
	for (const one of found) {
		const group = groups.get(one.kind) ?? [];
		if (group.length < MAX_FOUND) group.push(one);
		groups.set(one.kind, group);
	}
	return groups;
};

/** Rules of others first: they name their finds better where both see one. */
const searchText = async (text: string, path: string, lint: Linter): Promise<readonly FoundSecret[]> => {
	const found: FoundSecret[] = [];
	for (const part of toParts(text)) {
		const theirs = await lint(part, path);
		const lines = new Set(theirs.map(({ line }) => line));
		for (const one of theirs) found.push(one);
		for (const one of findByPattern(part)) if (!lines.has(one.line)) found.push(one);
	}
	return found;
};

/** Manuals and changelogs of a .deb are packed once more; what is no whole gzip file is binary. */
const toText = ({ bytes }: PackedFile): string | undefined => {
	if (findFormat(bytes) !== 'gzip') return toFileText(bytes);
	try {
		return toFileText(gunzipLimited(bytes, { maxTotalBytes: MAX_FILE_BYTES }));
	} catch (error) {
		if (error instanceof SlipwayError) return undefined;
		throw error;
	}
};

const isTooLarge = (file: PackedFile, before: number): boolean =>
	file.size > MAX_FILE_BYTES || before + file.size > MAX_TOTAL_BYTES;

/** What was left out is said: a pass must not sound like more than it is. */
const toNotes = (packed: Packed, skipped: { large: string[]; binary: number }): readonly GateFinding[] => {
	const { label, artifact } = packed;
	const large = skipped.large.map(
		(path): GateFinding => ({
			id: `${label}:${path}:not searched`,
			severity: 'warning',
			message: `${artifact.name}: ${path} is too large to be searched for secrets (${MAX_FILE_BYTES} bytes a file, ${MAX_TOTAL_BYTES} in all)`,
			where: { file: artifact.path },
			hint: 'Leave it out of the package, or look at it yourself.',
		}),
	);
	if (skipped.binary === 0) return large;
	const binary: GateFinding = {
		id: `${label}:binary files`,
		severity: 'note',
		message: `${artifact.name}: ${skipped.binary} binary ${skipped.binary === 1 ? 'file was' : 'files were'} not searched for secrets`,
		where: { file: artifact.path },
		hint: 'Nothing to do; look at them yourself where they may hold keys.',
	};
	return [...large, binary];
};

const search = async (packed: Packed, lint: Linter): Promise<readonly GateFinding[]> => {
	const findings: GateFinding[] = [];
	const skipped = { large: [] as string[], binary: 0 };
	let total = 0;
	for (const file of packed.files.filter(({ type, size }) => type === 'file' && size > 0)) {
		const text = isTooLarge(file, total) ? undefined : toText(file);
		if (isTooLarge(file, total)) skipped.large.push(file.path);
		else if (text === undefined) skipped.binary += 1;
		if (text === undefined) continue;
		total += file.size;
		const found = groupByKind(await searchText(text, file.path, lint));
		findings.push(...[...found].map((group) => toFinding(packed, file, group)));
	}
	return [...findings, ...toNotes(packed, skipped)];
};

/** Nothing that opens a door lies in what is published (G13): every text file of every artifact is searched. */
export const SECRETS_GATE: Gate = {
	id: 'secrets',
	check: async (request, context) => {
		const lint = await loadLinter();
		const findings = await lookIntoEach(request, (packed) => {
			context.signal.throwIfAborted();
			return search(packed, lint);
		});
		return { findings, evidence: [], dataAge: null };
	},
};
