/** Who runs the installation that a journey takes place in. */
export const ADMIN = { email: 'admin@example.test', password: 'correct-horse-battery-staple' };
