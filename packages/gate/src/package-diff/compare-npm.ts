import type { GateFinding } from '../gate.ts';
import type { PackageJson, Person } from '../packed/package-json.ts';
import type { PackedNpm } from '../packed/packed.ts';
import { type Comparison, toDiffFinding, toPairs } from './comparison.ts';

type Compare = (comparison: Comparison<PackedNpm>) => readonly GateFinding[];

/** Run where the package is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];
/** Run where it is installed from git, or packed. */
const OTHER_SCRIPTS = [
	'prepublish',
	'preprepare',
	'prepare',
	'postprepare',
	'prepack',
	'postpack',
	'dependencies',
];

const hasGypFile = ({ files }: PackedNpm): boolean => files.some(({ path }) => path === 'binding.gyp');

/** Scripts as npm's clients run them: a binding.gyp is an install script unless the package says otherwise. */
const toScripts = (packed: PackedNpm): Readonly<Record<string, string>> => {
	const { scripts = {}, gypfile } = packed.packageJson;
	const isBuilt = hasGypFile(packed) && gypfile !== false && !scripts.install && !scripts.preinstall;
	return isBuilt ? { ...scripts, install: 'node-gyp rebuild' } : scripts;
};

const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

const compareScripts: Compare = (comparison) => {
	const [now, before] = [toScripts(comparison.now), toScripts(comparison.before)];
	const file = comparison.now.files.find(({ path }) => path === 'package.json');
	return [...INSTALL_SCRIPTS, ...OTHER_SCRIPTS].flatMap((name) => {
		const script = now[name];
		if (script === undefined || script === before[name]) return [];
		const severity = INSTALL_SCRIPTS.includes(name) ? 'error' : 'warning';
		const what = before[name] === undefined ? 'is new' : 'changed';
		const message = `the script ${name} ${what}: ${JSON.stringify(cut(script))}`;
		return [toDiffFinding(comparison, { severity, about: `script:${name}`, message, file })];
	});
};

/** The same words may run other code: a file that an install script names has changed. */
const compareScriptFiles: Compare = (comparison) => {
	const scripts = toScripts(comparison.now);
	const words = new Set(
		INSTALL_SCRIPTS.flatMap((name) => (scripts[name] ?? '').split(/[\s"';&|()]+/)).map((word) =>
			word.replace(/^\.\//, ''),
		),
	);
	return toPairs(comparison).flatMap(({ file, before }) => {
		const isNamed = words.has(file.path) || words.has(file.path.replace(/\.[cm]?js$/, ''));
		if (!isNamed || !before || Buffer.compare(file.bytes, before.bytes) === 0) return [];
		const message = `${file.path}, which runs when the package is installed, changed`;
		return [toDiffFinding(comparison, { about: `install file:${file.path}`, message, file })];
	});
};

/** Everything that is no name of a version in the registry: git, tarballs, folders, and other packages under this name. */
export const isForeignSpec = (spec: string): boolean =>
	/^(?:[a-z][a-z0-9+.-]*:|\.{0,2}\/|~\/|[\w.-]+\/[\w.-]+(?:#|$)|[\w.-]+@[\w.-]+:)/i.test(spec.trim());

const FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

const toDependencies = (packageJson: PackageJson): ReadonlyMap<string, string> =>
	new Map(FIELDS.flatMap((field) => Object.entries(packageJson[field] ?? {})));

const describeDependency = (spec: string, old: string | undefined) => {
	const isForeign = isForeignSpec(spec);
	if (old === undefined)
		return {
			severity: 'error' as const,
			text: isForeign ? 'is new and comes from outside the registry' : 'is new',
		};
	return isForeign
		? { severity: 'error' as const, text: 'comes from outside the registry and changed' }
		: { severity: 'note' as const, text: `changed from ${JSON.stringify(cut(old))}` };
};

const compareDependencies: Compare = (comparison) => {
	const before = toDependencies(comparison.before.packageJson);
	const file = comparison.now.files.find(({ path }) => path === 'package.json');
	return [...toDependencies(comparison.now.packageJson)].flatMap(([name, spec]) => {
		const old = before.get(name);
		if (old === spec) return [];
		const { severity, text } = describeDependency(spec, old);
		const message = `the dependency ${name} (${JSON.stringify(cut(spec))}) ${text}`;
		return [toDiffFinding(comparison, { severity, about: `dependency:${name}`, message, file })];
	});
};

const toCommands = ({ name, bin }: PackageJson): ReadonlyMap<string, string> => {
	if (bin === undefined) return new Map();
	return new Map(typeof bin === 'string' ? [[name.slice(name.indexOf('/') + 1), bin]] : Object.entries(bin));
};

const compareCommands: Compare = (comparison) => {
	const before = toCommands(comparison.before.packageJson);
	return [...toCommands(comparison.now.packageJson).keys()]
		.filter((command) => !before.has(command))
		.map((command) =>
			toDiffFinding(comparison, {
				about: `command:${command}`,
				message: `the command ${command} is new in the PATH of users`,
			}),
		);
};

const toPersonText = (person: Person | undefined): string => {
	if (person === undefined || typeof person === 'string') return person ?? '';
	const { name = '', email = '', url = '' } = person;
	return [name, email && `<${email}>`, url && `(${url})`].filter(Boolean).join(' ');
};

const toPeople = ({ author, maintainers = [] }: PackageJson): readonly string[] =>
	[...new Set([author, ...maintainers].map(toPersonText))].filter((text) => text !== '');

const comparePeople: Compare = (comparison) => {
	const before = toPeople(comparison.before.packageJson);
	const added = toPeople(comparison.now.packageJson).filter((person) => !before.includes(person));
	return added.map((person) =>
		toDiffFinding(comparison, {
			about: `maintainer:${person}`,
			message: `author or maintainers name somebody new: ${JSON.stringify(cut(person))}`,
			hint: 'See that a hand-over was meant, and that the new person is known to the others.',
		}),
	);
};

const toUrl = ({ repository }: PackageJson): string =>
	(typeof repository === 'string' ? repository : repository?.url) ?? '';

const compareRepository: Compare = (comparison) => {
	const [now, before] = [toUrl(comparison.now.packageJson), toUrl(comparison.before.packageJson)];
	if (now === before || before === '') return [];
	const message = `repository changed from ${JSON.stringify(cut(before))} to ${JSON.stringify(cut(now))}`;
	return [toDiffFinding(comparison, { severity: 'warning', about: 'repository', message })];
};

/** What is new in what package.json says: what runs, what it pulls in, whose it is (G9). */
export const compareNpm: Compare = (comparison) =>
	[
		compareScripts,
		compareScriptFiles,
		compareDependencies,
		compareCommands,
		comparePeople,
		compareRepository,
	].flatMap((compare) => compare(comparison));
