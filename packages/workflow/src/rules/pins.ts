import { type Caller, toJobPlace, toShown } from '../caller.ts';
import type { WorkflowFinding } from '../finding.ts';
import { isOfLibrary } from '../resolve.ts';
import { parseUses, toPin } from '../uses.ts';
import type { Job } from '../workflow.ts';

interface Reference {
	readonly job: Job;
	readonly place: string;
	readonly uses: string;
}

const listReferences = (job: Job): Reference[] => [
	...(job.uses === undefined ? [] : [{ job, place: toJobPlace(job, 'uses'), uses: job.uses }]),
	...job.steps.flatMap(({ uses }, index) =>
		uses === undefined ? [] : [{ job, place: toJobPlace(job, `steps[${index}].uses`), uses }],
	),
];

const toTarget = (uses: string): string => toShown(uses.replace(/@.*$/s, ''));

/** What init writes where it cannot know the commit. */
const isStandIn = (ref: string): boolean => /^0+$/.test(ref);

const checkOwn = (file: string, { place, uses }: Reference, ref: string | undefined): WorkflowFinding[] => {
	const pin = toPin(ref);
	if (pin === 'commit' && isStandIn(ref ?? ''))
		return [
			{
				severity: 'error',
				code: 'CALLER_STAND_IN',
				file,
				place,
				message: `expected a commit of ${toTarget(uses)}, got one of zeros, which no repository has`,
				hint: 'Put the real one there: `slipway init --library OWNER/REPO@COMMIT#vX.Y.Z`.',
			},
		];
	if (pin === 'commit' || pin === 'tag') return [];
	const hint = `Write \`uses: ${toTarget(uses)}@COMMIT # vX.Y.Z\` with the full commit of a release, or the tag itself.`;
	if (pin === 'branch')
		return [
			{
				severity: 'warning',
				code: 'CALLER_PINNED_TO_BRANCH',
				file,
				place,
				message: `expected a full commit or the tag of a release, got ${toShown(ref ?? '')}: what runs changes whenever that branch does`,
				hint,
			},
		];
	return [
		{
			severity: 'error',
			code: 'CALLER_NOT_PINNED',
			file,
			place,
			message: `expected \`${toTarget(uses)}@REF\`, got no ref: GitHub refuses the workflow`,
			hint,
		},
	];
};

const checkReference = (caller: Caller, reference: Reference): WorkflowFinding[] => {
	const target = parseUses(reference.uses);
	if (target.kind === 'own') return [];
	if (isOfLibrary(reference.uses, caller.library) && target.kind === 'remote')
		return checkOwn(caller.workflow.path, reference, target.ref);
	const isFixed =
		target.kind === 'image' ? /@sha256:[0-9a-f]{64}$/.test(target.image) : toPin(target.ref) === 'commit';
	if (isFixed) return [];
	return [
		{
			severity: 'warning',
			code: 'CALLER_ACTION_NOT_PINNED',
			file: caller.workflow.path,
			place: reference.place,
			message: `expected a full commit behind ${toTarget(reference.uses)}, got ${toShown(reference.uses)}: whoever moves that name runs code beside your release`,
			hint:
				target.kind === 'image'
					? `Write \`uses: ${toTarget(reference.uses)}@sha256:DIGEST\`.`
					: `Write \`uses: ${toTarget(reference.uses)}@COMMIT # vX.Y.Z\` with the full commit.`,
		},
	];
};

/** Everything that runs beside a release is named by a commit; the library itself by a commit or a tag. */
export const checkPins = (caller: Caller): WorkflowFinding[] =>
	caller.workflow.jobs.flatMap(listReferences).flatMap((reference) => checkReference(caller, reference));
