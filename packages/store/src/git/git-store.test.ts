import { describeStore } from '@slipway/testing';
import { makeSubject } from './git-store.fixture.ts';

describeStore('a branch of a local repository', () => makeSubject());
