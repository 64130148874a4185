import { SlipwayError, type Subject, toMessage } from '@slipway/core';
import type { SubjectReport } from './outcome.ts';
import type { Plan } from './plan.ts';

type Seen = Partial<Pick<SubjectReport, 'state' | 'verifiedBy' | 'remains' | 'problem'>> & {
	readonly current?: string | null;
};

type Key = Pick<Subject, 'target' | 'id'>;

const toKey = ({ target, id }: Key): string => `${target} ${id}`;

/** "CODE message (do: hint)" of anything thrown: a stop in a report says as much as an error that ends a command. */
export const toProblem = (thrown: unknown): string =>
	thrown instanceof SlipwayError
		? `${thrown.code} ${thrown.message} (do: ${thrown.hint})`
		: toMessage(thrown);

/** What one operation has seen of each subject so far; the newest sight wins. */
export class SubjectStates {
	readonly #plan: Plan;
	readonly #seen = new Map<string, Seen>();

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	note(subject: Key, seen: Seen): void {
		this.#seen.set(toKey(subject), { ...this.#seen.get(toKey(subject)), ...seen });
	}

	get(subject: Key): Seen {
		return this.#seen.get(toKey(subject)) ?? {};
	}

	toReports(): SubjectReport[] {
		return this.#plan.subjects.map((subject) => this.#toReport(subject));
	}

	#toReport(subject: Subject): SubjectReport {
		const { current, state = 'unknown', verifiedBy = [], remains = [], problem } = this.get(subject);
		return {
			target: subject.target,
			description: this.#plan.targets.find(({ id }) => id === subject.target)?.description ?? '',
			subject: subject.id,
			version: subject.version,
			mode: subject.mode.name,
			artifacts: subject.artifacts.map(({ name, digest }) => ({ name, sha256: digest.sha256 })),
			pointer: { ...subject.pointer, current },
			state,
			verifiedBy,
			remains,
			...(problem === undefined ? {} : { problem }),
		};
	}
}
