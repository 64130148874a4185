import { describePublisher, describeWith } from '@slipway/testing';
import { openAptWorld } from './apt-world.fixture.ts';
import { toPublisherSubject } from './contract.fixture.ts';

describeWith('apt-get', 'the apt publisher', () => {
	describePublisher('apt', async () => toPublisherSubject(await openAptWorld()));
});
