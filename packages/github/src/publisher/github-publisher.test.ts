import type { LocalGitHub } from '@slipway/rehearsal/github';
import { describePublisher, type PublisherSubject } from '@slipway/testing';
import { toGitHubRest } from '../rest/rest.ts';
import { makeReleases, toFile, withGitHub } from './releases.fixture.ts';

let github: LocalGitHub;
withGitHub((started) => {
	github = started;
});

const make = async (): Promise<PublisherSubject> => {
	const given = await makeReleases(github);
	const { rest, context, artifacts, otherBytes, repository, mutations } = given;
	const files = [toFile('SHA256SUMS', 'sums'), toFile('provenance.sigstore.json', '{}')];
	const options = { extras: async () => files };
	const unreachable = toGitHubRest({ api: 'http://127.0.0.1:9', repository, token: 'x' });
	const resolve = async () => (await given.latest())?.slice(1) ?? null;
	return {
		publisher: given.publisher(options),
		unreachable: given.publisher({ ...options, rest: unreachable }),
		context,
		artifacts,
		otherBytes,
		resolve,
		movePointer: async () => {
			await given.makeLatest('v1.0.9');
			return '1.0.9';
		},
		mutations,
		loseNextReply: () => {
			const path = new RegExp(`/${rest.repository}/releases`);
			for (const method of ['POST', 'PATCH']) github.misbehave({ kind: 'reset', method, path });
		},
		remove: async () => github.clearFaults(),
	};
};

describePublisher('GitHub releases', make);
