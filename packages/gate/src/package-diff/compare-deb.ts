import type { GateFinding } from '../gate.ts';
import type { PackedDeb } from '../packed/packed.ts';
import { type Comparison, type FilePair, toDiffFinding, toPairs } from './comparison.ts';

/** Control files that dpkg runs, or that make it run others (deb-control(5), Policy 6). */
const ACTIVE = new Set(['preinst', 'postinst', 'prerm', 'postrm', 'config', 'triggers']);

/** Whatever lies there runs, or grants rights, without anybody calling it. */
const SELF_STARTING =
	/^(?:etc\/(?:cron|init\.d|profile\.d|sudoers|systemd\/|apt\/|pam|ld\.so|modprobe|udev\/|xdg\/autostart|rc\w\.d)|(?:usr\/)?lib\/(?:systemd\/|udev\/|modules-load)|usr\/share\/(?:dbus-1\/system|polkit-1\/))/;

const compareScript = (
	comparison: Comparison<PackedDeb>,
	{ file, before }: FilePair,
): readonly GateFinding[] => {
	const name = file.path.replace(/^DEBIAN\//, '');
	if (name === file.path || !ACTIVE.has(name)) return [];
	if (before && Buffer.compare(file.bytes, before.bytes) === 0) return [];
	const message = `the maintainer script ${name} ${before ? 'changed' : 'is new'}`;
	return [toDiffFinding(comparison, { about: `script:${name}`, message, file })];
};

const compareSelfStarting = (
	comparison: Comparison<PackedDeb>,
	{ file, before }: FilePair,
): readonly GateFinding[] => {
	if (before || file.type === 'directory' || !SELF_STARTING.test(file.path)) return [];
	const message = `${file.path} is new and takes effect without being called`;
	return [toDiffFinding(comparison, { about: `self-starting:${file.path}`, message, file })];
};

const RELATIONS = ['depends', 'pre-depends', 'recommends'] as const;

/** Names of the packages that a field pulls in, alternatives too (Policy 7.1). */
const toNames = ({ control }: PackedDeb): ReadonlySet<string> =>
	new Set(
		RELATIONS.flatMap((field) => (control.get(field) ?? '').split(/[,|]/))
			.map((relation) => relation.trim().split(/[\s(:[<]/, 1)[0] ?? '')
			.filter((name) => name !== ''),
	);

const compareRelations = (comparison: Comparison<PackedDeb>): readonly GateFinding[] => {
	const before = toNames(comparison.before);
	return [...toNames(comparison.now)]
		.filter((name) => !before.has(name))
		.map((name) =>
			toDiffFinding(comparison, { about: `dependency:${name}`, message: `the dependency ${name} is new` }),
		);
};

/** Fields with which a package takes over people's trust or other packages' place. */
const FIELDS: readonly (readonly [field: string, severity: GateFinding['severity']])[] = [
	['maintainer', 'error'],
	['uploaders', 'error'],
	['essential', 'error'],
	['provides', 'warning'],
	['conflicts', 'warning'],
	['replaces', 'warning'],
	['breaks', 'warning'],
];

const compareFields = (comparison: Comparison<PackedDeb>): readonly GateFinding[] =>
	FIELDS.flatMap(([field, severity]) => {
		const [now, before] = [comparison.now.control.get(field), comparison.before.control.get(field)];
		if (now === undefined || now === before) return [];
		const shown = [before ?? 'nothing', now].map((text) => JSON.stringify(text.slice(0, 200)));
		const message = `the field ${field} changed from ${shown[0]} to ${shown[1]}`;
		return [toDiffFinding(comparison, { severity, about: `field:${field}`, message })];
	});

/** What is new in what a .deb does when it is installed, and in whose it says it is (G8, G9). */
export const compareDeb = (comparison: Comparison<PackedDeb>): readonly GateFinding[] => [
	...toPairs(comparison).flatMap((pair) => [
		...compareScript(comparison, pair),
		...compareSelfStarting(comparison, pair),
	]),
	...compareRelations(comparison),
	...compareFields(comparison),
];
