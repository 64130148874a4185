import { provideSystemPackages } from './system-packages.ts';

provideSystemPackages();
