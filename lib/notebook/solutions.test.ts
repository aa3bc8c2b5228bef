import { notebooks, testNotebooks } from './testNotebooks';

testNotebooks(notebooks.filter((path) => path.startsWith('solutions')));
