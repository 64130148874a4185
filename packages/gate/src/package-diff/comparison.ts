import type { GateFinding } from '../gate.ts';
import { type Packed, toWhere } from '../packed/packed.ts';
import type { PackedFile } from '../packed/packed-file.ts';

/** The package of this release and what users have of it today. */
export interface Comparison<P extends Packed = Packed> {
	readonly now: P;
	readonly before: P;
	readonly versions: { readonly now: string; readonly before: string };
}

/** A file of the new package, and what it was before under the same name. */
export interface FilePair {
	readonly file: PackedFile;
	readonly before: PackedFile | undefined;
}

/** Of a Debian version what upstream calls it: without epoch and revision. */
const toUpstream = (version: string): string => version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');

/** Paths that differ by the version alone are one path. */
const toStablePath = (path: string, kind: Packed['kind'], version: string): string => {
	const text = kind === 'deb' ? toUpstream(version) : version;
	return text === '' ? path : path.replaceAll(text, '{version}');
};

export const toPairs = ({ now, before, versions }: Comparison): readonly FilePair[] => {
	const old = new Map(
		before.files.map((file) => [toStablePath(file.path, before.kind, versions.before), file]),
	);
	return now.files.map((file) => ({
		file,
		before: old.get(toStablePath(file.path, now.kind, versions.now)),
	}));
};

interface Found {
	readonly severity?: GateFinding['severity'];
	/** What it is about, in the package: stable over releases. */
	readonly about: string;
	readonly message: string;
	readonly file?: PackedFile | undefined;
	readonly hint?: string;
}

const HINT =
	'Look at where it comes from. Where it is meant, name it in an override of slipway.policy.yml, with the reason.';

export const toDiffFinding = (
	{ now, versions }: Comparison,
	{ severity = 'error', about, message, file, hint = HINT }: Found,
): GateFinding => ({
	id: `${now.label}:${about}`,
	severity,
	message: `${now.artifact.name}: compared with ${versions.before}, ${message}`,
	where: file ? toWhere(now, file) : { file: now.artifact.path },
	hint,
});
