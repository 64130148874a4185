import { type Finding, SlipwayError } from '@slipway/core';
import type { ReleaseCode } from './code.ts';
import { type Reading, toLanes } from './operation.ts';
import { inParallel } from './upload.ts';

/** A finding and the target that it is about. */
export type TargetFinding = Finding & { readonly target: string };

/** Asks every target whether the operation is possible, and notes where the pointers are. */
export const examine = async (
	reading: Reading,
	operation: 'rollback' | 'restore' | 'abort' | 'status',
): Promise<TargetFinding[]> => {
	const findings = await inParallel(toLanes(reading), async ({ publisher, subjects }) => {
		const answer = await publisher.preflight({ operation, subjects }, reading.context);
		for (const { subject, current } of answer.subjects) {
			reading.states.note(subject, {
				current,
				state: current === subject.pointer.next ? 'exposed' : 'hidden',
			});
		}
		return answer.findings.map((finding) => ({ ...finding, target: publisher.id }));
	});
	return findings.flat();
};

/** @throws SlipwayError OPERATION_REFUSED naming every error among the findings */
export const checkFindings = (findings: readonly TargetFinding[], message: string): void => {
	const errors = findings.filter(({ severity }) => severity === 'error');
	if (errors.length === 0) return;
	throw new SlipwayError<ReleaseCode>(
		'OPERATION_REFUSED',
		`${message}: ${errors.map(({ target, code, message }) => `${target}: ${code} ${message}`).join('; ')}`,
		{
			hint: [...new Set(errors.map(({ hint }) => hint))].join('\n'),
		},
	);
};
