-- A store of version 1, as kedge made it: three groups of five seeds; a run failed, one is pending, one has no score.
PRAGMA application_id = 1801742181;
PRAGMA user_version = 1;
CREATE TABLE meta(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE recipe(
    digest TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    schedule TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE run(
    id INTEGER PRIMARY KEY,
    recipe TEXT NOT NULL REFERENCES recipe(digest),
    settings TEXT NOT NULL CHECK(settings GLOB '{*}'),
    seed INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK(status IN ('pending', 'done', 'failed')),
    message TEXT CHECK((message IS NOT NULL) = (status = 'failed')),
    UNIQUE(recipe, settings, seed, stream)
) STRICT;
CREATE INDEX run_pending ON run(id) WHERE status = 'pending';
CREATE TABLE metric(
    run_id INTEGER NOT NULL REFERENCES run(id),
    name TEXT NOT NULL,
    value REAL,
    PRIMARY KEY(run_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE worker(
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started INTEGER NOT NULL,
    beat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE claim(
    run_id INTEGER PRIMARY KEY REFERENCES run(id),
    worker TEXT NOT NULL REFERENCES worker(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX claim_worker ON claim(worker);
INSERT INTO meta VALUES('kedge', '0.1.0');
INSERT INTO meta VALUES('kernels', 'ref');
INSERT INTO meta VALUES('sweep', 'kedge sweep red');
INSERT INTO recipe VALUES('0014f9facad226985df625e458d6912a', 'colour wheel', 'title: colour wheel
', 'STEP,PHASE,ACTION,lr
0,,,0.1
');
INSERT INTO run VALUES(1, '0014f9facad226985df625e458d6912a', '{}', 10, 10, 'done', NULL);
INSERT INTO run VALUES(2, '0014f9facad226985df625e458d6912a', '{}', 11, 11, 'done', NULL);
INSERT INTO run VALUES(3, '0014f9facad226985df625e458d6912a', '{}', 12, 12, 'done', NULL);
INSERT INTO run VALUES(4, '0014f9facad226985df625e458d6912a', '{}', 13, 13, 'done', NULL);
INSERT INTO run VALUES(5, '0014f9facad226985df625e458d6912a', '{}', 14, 14, 'done', NULL);
INSERT INTO run VALUES(6, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5}', 10, 10, 'done', NULL);
INSERT INTO run VALUES(7, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5}', 11, 11, 'done', NULL);
INSERT INTO run VALUES(8, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5}', 12, 12, 'done', NULL);
INSERT INTO run VALUES(9, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5}', 13, 13, 'failed', 'the loss is infinite at step 7');
INSERT INTO run VALUES(10, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5}', 14, 14, 'done', NULL);
INSERT INTO run VALUES(11, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5,"steps":3000}', 10, 10, 'done', NULL);
INSERT INTO run VALUES(12, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5,"steps":3000}', 11, 11, 'done', NULL);
INSERT INTO run VALUES(13, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5,"steps":3000}', 12, 12, 'done', NULL);
INSERT INTO run VALUES(14, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5,"steps":3000}', 13, 13, 'done', NULL);
INSERT INTO run VALUES(15, '0014f9facad226985df625e458d6912a', '{"optimizer.clip":0.5,"steps":3000}', 14, 14, 'pending', NULL);
INSERT INTO metric VALUES(1, 'recon_mse', 3.0000000000000004e-05);
INSERT INTO metric VALUES(1, 'score', 0.9);
INSERT INTO metric VALUES(2, 'recon_mse', 6.000000000000001e-05);
INSERT INTO metric VALUES(2, 'score', 0.92);
INSERT INTO metric VALUES(3, 'recon_mse', 9.000000000000002e-05);
INSERT INTO metric VALUES(3, 'score', NULL);
INSERT INTO metric VALUES(4, 'recon_mse', 0.00012000000000000002);
INSERT INTO metric VALUES(4, 'score', 0.91);
INSERT INTO metric VALUES(5, 'recon_mse', 0.00015000000000000001);
INSERT INTO metric VALUES(5, 'score', 0.93);
INSERT INTO metric VALUES(6, 'recon_mse', 2e-05);
INSERT INTO metric VALUES(6, 'score', 0.92);
INSERT INTO metric VALUES(7, 'recon_mse', 4e-05);
INSERT INTO metric VALUES(7, 'score', 0.94);
INSERT INTO metric VALUES(8, 'recon_mse', 6.000000000000001e-05);
INSERT INTO metric VALUES(8, 'score', 0.96);
INSERT INTO metric VALUES(10, 'recon_mse', 0.0001);
INSERT INTO metric VALUES(10, 'score', 0.95);
INSERT INTO metric VALUES(11, 'angle', 0.0);
INSERT INTO metric VALUES(11, 'recon_mse', 1e-05);
INSERT INTO metric VALUES(11, 'score', 0.94);
INSERT INTO metric VALUES(12, 'angle', 0.25);
INSERT INTO metric VALUES(12, 'recon_mse', 2e-05);
INSERT INTO metric VALUES(12, 'score', 0.96);
INSERT INTO metric VALUES(13, 'angle', 0.5);
INSERT INTO metric VALUES(13, 'recon_mse', 3.0000000000000004e-05);
INSERT INTO metric VALUES(13, 'score', 0.98);
INSERT INTO metric VALUES(14, 'angle', 0.75);
INSERT INTO metric VALUES(14, 'recon_mse', 4e-05);
INSERT INTO metric VALUES(14, 'score', 0.95);
