import { toPrintable } from '@slipway/core';
import type { Paint } from '../output/paint.ts';
import { toNextSteps, toRemarks } from './advice.ts';
import { isPlaceholder } from './library.ts';
import type { InitPlan, PlannedFile } from './plan.ts';

const STATES: Readonly<Record<PlannedFile['state'], readonly [Parameters<Paint>[0], string]>> = {
	new: ['good', 'new'],
	same: ['faint', 'up to date'],
	changed: ['warn', 'changes'],
	forced: ['warn', 'overwritten, as you asked'],
	kept: ['faint', 'yours; nothing new to bring in'],
	accepted: ['faint', 'stays as it is, as you asked'],
	edited: ['bad', 'edited since init wrote it'],
	foreign: ['bad', 'not written by init'],
};

const toDiffText = (diff: string, paint: Paint): string =>
	diff
		.trimEnd()
		.split('\n')
		.map((line) => {
			if (/^(?:\+\+\+|---|===)/.test(line)) return paint('strong', line);
			if (line.startsWith('+')) return paint('good', line);
			return line.startsWith('-') ? paint('bad', line) : line;
		})
		.join('\n');

const toFileText = ({ path, state, about, diff }: PlannedFile, paint: Paint): string => {
	const [style, word] = STATES[state];
	const isShown = state !== 'new' && diff !== '';
	return [
		`${paint('strong', toPrintable(path, 300))}  ${paint(style, word)}`,
		...about.map((line) => `  ${line}`),
		...(isShown ? [toDiffText(diff, paint)] : []),
	].join('\n');
};

const LOUD = [
	'The version of Slipway is not known here: OWNER/slipway and a commit of zeros stand in for it.',
	'No run can start before `slipway init --library OWNER/REPO@COMMIT#vX.Y.Z` has put the real one there.',
];

const toPinText = ({ options: { library } }: InitPlan, paint: Paint): string =>
	isPlaceholder(library)
		? LOUD.map((line) => paint('bad', line)).join('\n')
		: `Pinned to ${library.repository} ${library.version} (${library.commit}).`;

/** What was found, each file with what it is for, and, after a first run, what to do next. */
export const toInitText = (plan: InitPlan, outcome: string, paint: Paint): string => {
	const { facts, options, files } = plan;
	const name = facts.metadata.name ?? '';
	const remarks = toRemarks(plan).map((line) => `${paint('warn', '!')} ${toPrintable(line, 500)}`);
	const isFirst = files.some(({ state }) => state === 'new');
	const steps = toNextSteps(plan).flatMap(({ title, lines }, index) => [
		`${index + 1}. ${toPrintable(title, 500)}`,
		...lines.map((line) => `   ${toPrintable(line, 500)}`),
	]);
	return [
		`${paint('strong', toPrintable(name, 100))} (${facts.kinds.join(', ')}) goes to ${options.targets.join(', ')}.`,
		toPinText(plan, paint),
		'',
		...files.map((file) => toFileText(file, paint)),
		...(remarks.length > 0 ? ['', ...remarks] : []),
		...(!isFirst ? [] : ['', paint('strong', 'Next'), ...steps]),
		'',
		outcome,
	].join('\n');
};
