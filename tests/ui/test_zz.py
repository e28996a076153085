from tests.ui.conftest import Start


async def test_x(start: Start) -> None:
    async with start(100, 24) as driver:
        await driver.press("enter", "space")
        print(driver.line(-2))
        print(driver.line(1))
        await driver.press("j")
        print(driver.line(-2))
        print(driver.line(1))
        await driver.press("space")
        print(driver.line(-2))
        print(driver.line(1))
        await driver.press("y")
        print(driver.frame())
