import type { Gate, GateFinding } from '../gate.ts';
import { lookIntoEach, type Packed } from '../packed/packed.ts';
import { checkDeb } from './check-deb.ts';
import { checkNpm } from './check-npm.ts';
import { findNameProblem } from './names.ts';
import { error, type Problem, quote } from './problem.ts';

/** What a reader of a file list could take for another file (H6). */
const checkPaths = ({ files }: Packed): readonly Problem[] =>
	files.flatMap(({ path }) => {
		const problem = findNameProblem(path);
		return problem === undefined
			? []
			: [error(`path:${path}`, `the file name ${quote(path)} ${problem}`, 'Rename the file.')];
	});

const check = (packed: Packed, source: string | null): readonly Problem[] => {
	if (packed.kind === 'npm') return [...checkNpm(packed, source), ...checkPaths(packed)];
	return packed.kind === 'deb' ? [...checkDeb(packed), ...checkPaths(packed)] : checkPaths(packed);
};

const toFinding = (
	{ label, artifact }: Packed,
	{ about, severity, message, hint }: Problem,
): GateFinding => ({
	id: `${label}:${about}`,
	severity,
	message: `${artifact.name}: ${message}`,
	where: { file: artifact.path },
	hint,
});

/** What each package says of itself is well formed, true, and what the manifest says of it. */
export const METADATA_GATE: Gate = {
	id: 'metadata',
	check: async (request, context) => {
		const { repo } = request.release.manifest.source;
		const findings = await lookIntoEach(request, (packed) => {
			context.signal.throwIfAborted();
			return check(packed, repo).map((problem) => toFinding(packed, problem));
		});
		return { findings, evidence: [], dataAge: null };
	},
};
