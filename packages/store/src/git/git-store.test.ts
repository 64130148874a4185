import { describeStore, isWhole, sequentialChecks, storeChecks } from '@slipway/testing';
import { makeSubject } from './git-store.fixture.ts';
import { makeSubjectBehindHttp } from './http-subject.fixture.ts';

// In `npm test` a folder shows what races do to a Store, and git-store-remote.test.ts what is different behind a server.
describeStore(
	'a branch of a local repository',
	() => makeSubject(),
	isWhole() ? storeChecks : sequentialChecks,
);

// Its races: git-store-races.whole.test.ts.
if (isWhole()) {
	describeStore(
		'a branch behind git http-backend that asks for a token',
		makeSubjectBehindHttp,
		sequentialChecks,
	);
}
