// Writers in several processes over HTTP; those of a local repository race in git-store.test.ts.
import { describeStore, racingChecks } from '@slipway/testing';
import { makeSubjectBehindHttp } from './http-subject.fixture.ts';

describeStore('a branch behind git http-backend that asks for a token', makeSubjectBehindHttp, racingChecks);
