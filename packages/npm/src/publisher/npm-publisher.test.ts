import { randomUUID } from 'node:crypto';
import { describePublisher, type PublisherSubject } from '@slipway/testing';
import { toNpmCredentials } from '../config/credentials.ts';
import { type TestRegistry, withTestRegistry } from './registry.fixture.ts';
import { toName } from './target.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

/** Two packages under a scope of their own, the second needs the first. */
const make = async (): Promise<PublisherSubject> => {
	const { pack, publish, front } = registry;
	const scope = `@t${randomUUID().slice(0, 8)}`;
	const names = [`${scope}/base`, `${scope}/tool`];
	const packageJsons = names.map((name, index) => ({
		name,
		...(index === 1 && { dependencies: { [names[0] ?? '']: '^1.0.0' } }),
	}));
	for (const packageJson of packageJsons) {
		await publish(pack({ ...packageJson, version: '1.0.0' }));
		await publish(pack({ ...packageJson, version: '1.0.9' }), 'theirs');
	}
	const unreachable = 'http://127.0.0.1:9';
	return {
		publisher: registry.publisher(),
		unreachable: registry.publisher({
			registry: unreachable,
			credentials: toNpmCredentials({ registry: unreachable, authorization: 'Bearer x' }),
		}),
		context: registry.context,
		artifacts: packageJsons.map((packageJson) => pack({ ...packageJson, version: '1.1.0' })),
		otherBytes: packageJsons.map((packageJson) => pack({ ...packageJson, version: '1.1.0' }, 'other')),
		resolve: async (subject) => (await registry.tags(toName(subject))).latest ?? null,
		movePointer: async (subject) => {
			await front.control.moveTag(toName(subject), 'latest', '1.0.9');
			return '1.0.9';
		},
		mutations: () => registry.mutations(scope),
		loseNextReply: () =>
			front.control.inject({ when: 'after', match: ({ mutates }) => mutates, fault: { kind: 'reset' } }),
		remove: async () => front.control.clearFaults(),
	};
};

describePublisher('npm (Verdaccio behind npm-front)', make);
