import type { ChangeContext, Exposure, Subject, Withdrawal } from '@slipway/core';
import { parsePurl } from '@slipway/core';
import type { PackageTarget } from '../repository/edit-suite.ts';
import { parsePointer } from '../repository/offers.ts';
import type { SuiteView } from '../repository/suite-view.ts';
import { updateSuite } from '../repository/update-suite.ts';
import { type Apt, parsePointerName } from './options.ts';

type Way = 'expose' | 'withdraw';

interface Move {
	readonly subject: Subject;
	readonly outcome: 'moves' | 'already' | 'moved-by-others';
	/** Where the pointer is once the moves are made. */
	readonly current: string | null;
}

const toEnds = (
	{ pointer }: Subject,
	way: Way,
): { readonly from: string | null; readonly to: string | null } =>
	way === 'expose'
		? { from: pointer.previous, to: pointer.next }
		: { from: pointer.next, to: pointer.previous };

const judge = async (view: SuiteView, subject: Subject, way: Way): Promise<Move> => {
	const { component } = parsePointerName(subject.pointer.name);
	const current = await view.pointer(component, parsePurl(subject.id).name);
	const { from, to } = toEnds(subject, way);
	if (current === to) return { subject, outcome: 'already', current };
	return current === from
		? { subject, outcome: 'moves', current: to }
		: { subject, outcome: 'moved-by-others', current };
};

const toTarget = ({ subject, current }: Move, way: Way): PackageTarget => ({
	component: parsePointerName(subject.pointer.name).component,
	name: parsePurl(subject.id).name,
	offers: parsePointer(current),
	wasOffered: way === 'withdraw',
});

/** One signed update for all subjects of one suite; those that others moved are left alone. */
const moveInSuite = async (
	{ repository }: Apt,
	{
		suite,
		subjects,
		way,
	}: { readonly suite: string; readonly subjects: readonly Subject[]; readonly way: Way },
	change: ChangeContext,
): Promise<readonly Move[]> => {
	let moves: readonly Move[] = [];
	const decide = async (view: SuiteView): Promise<readonly PackageTarget[] | null> => {
		moves = await Promise.all(subjects.map((subject) => judge(view, subject, way)));
		const targets = moves.filter(({ outcome }) => outcome === 'moves').map((move) => toTarget(move, way));
		return targets.length > 0 ? targets : null;
	};
	await updateSuite(repository, { suite, decide }, change);
	return moves;
};

const movePointers = async (
	apt: Apt,
	way: Way,
	{ subjects, change }: { readonly subjects: readonly Subject[]; readonly change: ChangeContext },
): Promise<readonly Move[]> => {
	const bySuite = Map.groupBy(subjects, ({ pointer }) => parsePointerName(pointer.name).suite);
	const moves = new Map<Subject, Move>();
	for (const [suite, group] of bySuite)
		for (const move of await moveInSuite(apt, { suite, subjects: group, way }, change))
			moves.set(move.subject, move);
	return subjects.flatMap((subject) => moves.get(subject) ?? []);
};

/** @throws SlipwayError as updateSuite */
export const expose = async (
	apt: Apt,
	subjects: readonly Subject[],
	change: ChangeContext,
): Promise<readonly Exposure[]> => {
	const outcomes = { moves: 'exposed', already: 'already', 'moved-by-others': 'moved' } as const;
	const moves = await movePointers(apt, 'expose', { subjects, change });
	return moves.map(({ subject, outcome, current }) => ({ subject, outcome: outcomes[outcome], current }));
};

const toRemains = ({ subject }: Move): readonly string[] => [
	`machines that have installed ${parsePurl(subject.id).name} ${subject.version} keep it: apt never goes back by itself; to reach them, release the older code under a higher version (\`supersedes\`)`,
	`${subject.artifacts.map(({ name }) => name).join(', ')} can still be fetched by whoever knows the address, and this version is never used for other bytes`,
];

/**
 * Takes versions out of the suite again and puts back what it offered before, under a newer date: apt ignores an older
 * Release. Only where the suite still offers exactly what this release left there.
 * @throws SlipwayError as updateSuite
 */
export const withdrawExposed = async (
	apt: Apt,
	subjects: readonly Subject[],
	change: ChangeContext,
): Promise<readonly Withdrawal[]> => {
	const outcomes = { moves: 'withdrawn', already: 'already', 'moved-by-others': 'not-ours' } as const;
	const moves = await movePointers(apt, 'withdraw', { subjects, change });
	return moves.map((move) => ({
		subject: move.subject,
		outcome: outcomes[move.outcome],
		current: move.current,
		remains: toRemains(move),
	}));
};
