"""The calculators over HTTP."""

from tests.deploy.conftest import Start

WAGE = {"ended": "单位违法解除或终止", "monthly_wage": 8000, "worked": 90}


async def test_a_calculation_shows_its_steps_and_the_articles(start: Start) -> None:
    async with start() as client:
        reply = await client.post("/v1/calculators/severance", json={"values": WAGE})
    assert reply.status_code == 200
    made = reply.json()["calculation"]
    assert (made["total"], made["unit"]) == ("128000.00", "元")
    cited = {id for line in made["lines"] for id in line["articles"]}
    assert "劳动合同法#87" in cited
    assert {row["id"] for row in reply.json()["articles"]} <= cited


async def test_all_are_listed_with_what_they_take(start: Start) -> None:
    async with start() as client:
        listed = (await client.get("/v1/calculators")).json()
    one = next(row for row in listed if row["name"] == "severance")
    assert {"ended", "monthly_wage", "worked"} <= {row["id"] for row in one["inputs"]}
    assert next(row["unit"] for row in one["inputs"] if row["id"] == "worked") == "月"


async def test_what_is_missing_is_named_with_its_question(start: Start) -> None:
    async with start() as client:
        reply = await client.post("/v1/calculators/severance", json={"values": {"ended": "单位违法解除或终止"}})
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (400, "missing_inputs")
    assert "monthly_wage" in [row["id"] for row in error["missing"]]
    assert all(row["question"] for row in error["missing"])


async def test_bad_values_get_a_stable_code(start: Start) -> None:
    async with start() as client:
        for values in ({**WAGE, "ended": "被炒了"}, {**WAGE, "monthly_wage": -1}, {**WAGE, "nothing": 1}):
            reply = await client.post("/v1/calculators/severance", json={"values": values})
            assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_input"), values
        for given in ({"monthly_wage": "很多"}, {"hired_on": "去年"}):
            reply = await client.post("/v1/calculators/severance", json={"values": {**WAGE, **given}})
            assert reply.json()["error"]["code"] == "bad_input"
        wrong = {"monthly_wage": "很多", "hired_on": "去年", "nothing": 1}
        error = (await client.post("/v1/calculators/severance", json={"values": wrong})).json()["error"]
        assert [row["id"] for row in error["faults"]] == list(wrong) and error["param"] == "monthly_wage"
        reply = await client.post("/v1/calculators/luck", json={"values": {}})
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "no_such_calculator")
