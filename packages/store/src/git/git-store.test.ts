import { describeStore, sequentialChecks } from '@slipway/testing';
import { makeSubject } from './git-store.fixture.ts';
import { makeSubjectBehindHttp } from './http-subject.fixture.ts';

describeStore('a branch of a local repository', () => makeSubject());

// Its races: git-store-races.whole.test.ts.
describeStore(
	'a branch behind git http-backend that asks for a token',
	makeSubjectBehindHttp,
	sequentialChecks,
);
