import { toJsonReply } from '@slipway/rehearsal/npm-registry';
import type { World } from './world.ts';

/** From now on the registry refuses every change, until its faults are cleared. */
export const breakNpm = ({ services: { npm } }: World): void =>
	npm.control.inject({
		when: 'before',
		match: ({ mutates }) => mutates,
		fault: { kind: 'reply', reply: toJsonReply(403, { error: 'maintenance' }) },
		times: Number.POSITIVE_INFINITY,
	});

export const repairNpm = ({ services: { npm } }: World): void => npm.control.clearFaults();

/** The next move of this dist-tag is never answered, and never done. */
export const silenceTag = ({ services: { npm } }: World, tag: string): Promise<void> =>
	new Promise((resolve) => {
		const matches = (target: string): boolean => target.endsWith(`/dist-tags/${tag}`);
		npm.control.inject({
			when: 'before',
			match: ({ method, target }) => {
				if (method !== 'PUT' || !matches(target)) return false;
				resolve();
				return true;
			},
			fault: { kind: 'hang' },
		});
	});
