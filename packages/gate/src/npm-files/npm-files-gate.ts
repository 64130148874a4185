import type { Gate, GateFinding } from '../gate.ts';
import { error, type Problem, quote } from '../metadata/problem.ts';
import { isNpm, lookIntoEach, type PackedNpm, toWhere } from '../packed/packed.ts';
import type { PackedFile } from '../packed/packed-file.ts';
import { checkBundled } from './bundled.ts';
import { FILE_RULES } from './file-rules.ts';
import { checkFilesList } from './files-list.ts';

const HINT = 'Name what belongs into the package in `files` of package.json, and build again.';

const findRule = (file: PackedFile) =>
	file.type === 'directory' ? undefined : FILE_RULES.find(({ matches }) => matches(file));

const checkRules = (packed: PackedNpm): readonly GateFinding[] =>
	packed.files.flatMap((file) => {
		const rule = findRule(file);
		if (!rule) return [];
		return [
			{
				id: `${packed.label}:${file.path}`,
				severity: rule.severity,
				message: `${packed.artifact.name}: ${file.path} is ${rule.what}`,
				where: toWhere(packed, file),
				hint: HINT,
			},
		];
	});

/** npm leaves links out when it unpacks; a package that needs them is broken, and one with them was not packed by npm. */
const checkLinks = ({ files }: PackedNpm): readonly Problem[] =>
	files
		.filter(({ type }) => type === 'symlink' || type === 'hardlink')
		.map(({ path, type, linkName = '' }) =>
			error(`link:${path}`, `${quote(path)} is a ${type} to ${quote(linkName)}; npm unpacks none`, HINT),
		);

const HINT_REGISTRY =
	'Take `publishConfig.registry` out: where a release goes is said in slipway.yml, on the protected branch.';

/** A package that sends itself elsewhere (H13). The publisher compares the host with its own. */
const checkRegistry = ({ packageJson }: PackedNpm): readonly Problem[] => {
	const { publishConfig = {} } = packageJson;
	return Object.entries(publishConfig).flatMap(([key, value]) => {
		if (key !== 'registry' && !key.endsWith(':registry')) return [];
		const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
		const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
		const about = `publishConfig:${key}`;
		if (!isPlain) return [error(about, `publishConfig.${key} is no plain https address`, HINT_REGISTRY)];
		const message = `publishConfig.${key} names ${quote(url.host)}`;
		return [{ about, severity: 'note', message, hint: HINT_REGISTRY }];
	});
};

const toFinding = ({ label, artifact }: PackedNpm, problem: Problem): GateFinding => ({
	id: `${label}:${problem.about}`,
	severity: problem.severity,
	message: `${artifact.name}: ${problem.message}`,
	where: { file: artifact.path },
	hint: problem.hint,
});

const check = (packed: PackedNpm): readonly GateFinding[] => [
	...checkRules(packed),
	...[checkLinks, checkBundled, checkFilesList, checkRegistry].flatMap((find) =>
		find(packed).map((problem) => toFinding(packed, problem)),
	),
];

/** What is in an npm package and was never meant to leave: logins, keys, repositories, other packages, links (H13). */
export const NPM_FILES_GATE: Gate = {
	id: 'npm-files',
	check: async (request, context) => {
		const findings = await lookIntoEach(
			request,
			(packed) => {
				context.signal.throwIfAborted();
				return packed.kind === 'npm' ? check(packed) : [];
			},
			isNpm,
		);
		const isNone = !request.release.manifest.artifacts.some(isNpm);
		const skipped = isNone ? 'there is no npm package in this release' : undefined;
		return { findings, evidence: [], dataAge: null, skipped };
	},
};
