package registry

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// migrations bring a store from schema i to i+1, each in one transaction with
// the new schema number. A released one is never changed.
var migrations = []func(Tx) error{
	func(Tx) error { return nil }, // 1: the first schema
	issuesOfProjects,              // 2
}

// issuesOfProjects: a project's numbers became issues, with an issuer and dates
// beside each; how the regions come to one text was not said before.
func issuesOfProjects(tx Tx) error {
	old := table[map[string]json.RawMessage]{"project", "个项目"}
	held, err := old.all(tx)
	if err != nil {
		return err
	}
	for _, p := range held {
		var id string
		var numbers map[string]string
		if err := json.Unmarshal(p["id"], &id); err != nil {
			return fmt.Errorf("project: %w", err)
		}
		if raw := p["numbers"]; raw != nil {
			if err := json.Unmarshal(raw, &numbers); err != nil {
				return fmt.Errorf("numbers of project %s: %w", id, err)
			}
		}
		issues := map[string]map[string]string{}
		for region, number := range numbers {
			issues[region] = map[string]string{"number": number}
		}
		if p["issues"], err = json.Marshal(issues); err != nil {
			return err
		}
		delete(p, "numbers")
		p["mode"], p["version"] = json.RawMessage(`"joint"`), json.RawMessage("1")
		if err := old.put(tx, p, id); err != nil {
			return err
		}
	}
	return nil
}

var schemaKey = []byte("schema")

// migrate writes only where there is something to migrate, so that a store which
// is open for reading can be used.
func (r *Registry) migrate() error {
	for {
		var at int
		err := r.store.View(func(tx Tx) (err error) {
			at, err = schemaOf(tx)
			return err
		})
		if err != nil || at == len(migrations) {
			return err
		}
		err = r.store.Update(func(tx Tx) error {
			if now, err := schemaOf(tx); err != nil || now != at {
				return err // another process was faster
			}
			if err := migrations[at](tx); err != nil {
				return fmt.Errorf("migrate to schema %d: %w", at+1, err)
			}
			return tx.Put(schemaKey, []byte(strconv.Itoa(at+1)))
		})
		if err != nil {
			return err
		}
	}
}

// schemaOf is the schema of a store; 0 for a new one.
func schemaOf(tx Tx) (int, error) {
	raw, err := tx.Get(schemaKey)
	if err != nil || raw == nil {
		return 0, err
	}
	at, err := strconv.Atoi(string(raw))
	if err != nil || at < 0 {
		return 0, fmt.Errorf("schema number %q is not one", raw)
	}
	if at > len(migrations) {
		return 0, refuse(Invalid, "", "数据是较新版本的同标写的（模式 %d，本程序到 %d）：请用新版程序打开。 The data was written by a newer tongbiao (schema %d, this one knows %d): use the newer program.", at, len(migrations), at, len(migrations))
	}
	return at, nil
}
