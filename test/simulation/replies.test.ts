import { randomUUID } from 'node:crypto';
import { toJsonReply } from '@slipway/rehearsal/npm-registry';
import {
	planRelease,
	type TestRegistry,
	withTestRegistry,
} from '../../packages/npm/src/publisher/registry.fixture.ts';
import { describeReplies, type RepliedTo } from './reply-table.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

const make = async (): Promise<RepliedTo> => {
	const name = `reply-${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	const ours = registry.pack({ name, version: '1.1.0' });
	const publisher = registry.publisher({ timeoutMs: 5000 });
	const [subject] = await planRelease(registry, publisher, [ours]);
	if (!subject) throw new Error('nothing planned');
	return {
		publisher,
		context: registry.context,
		subject,
		ours,
		publishAsOthers: () => registry.publish(registry.pack({ name, version: '1.1.0' }, 'theirs'), 'other'),
		strike: ({ fate, status, error }) => {
			const when = fate.kind === 'lost-after' ? 'after' : 'before';
			const reply = status === undefined ? undefined : toJsonReply(status, { error });
			registry.front.control.inject({
				when,
				match: ({ mutates }) => mutates,
				fault: reply ? { kind: 'reply', reply } : { kind: 'reset' },
			});
		},
		remove: async () => registry.front.control.clearFaults(),
	};
};

describeReplies('a real registry behind npm-front', make);
